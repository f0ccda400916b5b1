import type { Deployment, FactFigures, Lesson, Memo } from "@memomesh/core";
import { type MemoBody, readDeployment } from "@memomesh/core/markdown";
import type { GuardRules } from "@memomesh/guard";

/** A file that is judged: one that a session wants to write, or one that lies on the disk. */
export interface GateFile {
  /** With "/" between its names. Findings name the file so. */
  readonly path: string;
  readonly text: string;
}

/** Something that was asked for. */
export interface Requirement {
  readonly text: string;
  /** Line in the file of the request. */
  readonly line: number;
  /** Said to be done already. */
  readonly done: boolean;
}

/** What was asked for, in a memo or for a stage. */
export interface Request {
  /** The name that findings give. */
  readonly file: string;
  readonly requirements: readonly Requirement[];
  readonly deployment?: Deployment;
}

/** A fact about the platform that can be computed with. */
export interface KnownFact {
  readonly name: string;
  /** The target where it was collected; `here` is this machine. */
  readonly from: string;
  /** When it was collected; ISO 8601. */
  readonly at: string;
  /** Older than it may be. */
  readonly stale: boolean;
  readonly figures: FactFigures;
}

/** What is known of the platform. */
export interface KnownPlatform {
  readonly facts: readonly KnownFact[];
  /** Names of targets that are this machine. */
  readonly here: readonly string[];
  /** The targets that are groups, and the targets that they consist of. */
  readonly groups?: Readonly<Record<string, readonly string[]>>;
}

/** What the gate looks at. */
export interface Subject {
  readonly files: readonly GateFile[];
  readonly request?: Request;
  /** What the session has said about its work: a requirement can be met by an answer. */
  readonly notes?: string;
  readonly lessons: readonly Lesson[];
  /** Absent where there is no mesh: then nothing is compared with it. */
  readonly platform?: KnownPlatform;
  /** What mesh.yml says under `guard:`. */
  readonly guard?: GuardRules;
}

/**
 * What a memo asks for: its action items and the facts of its deployment.
 *
 * @param body what `readBody` of core gave for the memo
 * @throws MeshError `deployment.*` when those facts cannot be read
 */
export function requestOf(memo: Memo, body: MemoBody): Request {
  const deployment = readDeployment(memo, body);
  return {
    file: memo.file,
    requirements: body.items.map(({ text, line, done }) => ({ text, line, done })),
    ...(deployment === undefined ? {} : { deployment }),
  };
}
