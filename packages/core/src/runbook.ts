import type { Section } from "./section.ts";
import type { Upload } from "./upload.ts";

export const risks = ["low", "medium", "high", "critical"] as const;
export type Risk = (typeof risks)[number];

export function higherRisk(a: Risk, b: Risk): Risk {
  return risks.indexOf(a) > risks.indexOf(b) ? a : b;
}

/** Seconds that a command may take when its step does not say it. */
export const defaultTimeout = 300;

/** The commands of a step. */
export interface Fence {
  /** Shell text with "\n" as line end, without a line end behind the last line. */
  readonly text: string;
  /** Line of its first command in the file, counted from 1. */
  readonly line: number;
}

/** What a step depends on. */
export interface Needs {
  /** Numbers of earlier steps. */
  readonly steps: readonly number[];
  /** Names of variables, taken from the operator's environment. */
  readonly env: readonly string[];
  /** Paths relative to the mesh's root. */
  readonly files: readonly string[];
}

export interface Step {
  /** From 1. */
  readonly number: number;
  readonly title: string;
  /** Line of the heading, counted from 1. */
  readonly line: number;
  /** The author's opinion; it can only be raised. */
  readonly risk?: Risk;
  /** Seconds. */
  readonly timeout: number;
  /** Name of a target when it is not that of the runbook. */
  readonly target?: string;
  readonly needs: Needs;
  /** Markdown for the reviewer. */
  readonly prose: string;
  /** Shows what the step would do, and changes nothing. */
  readonly preview?: Fence;
  /** A folder that is sent to the target before `run`, which then only puts it in its place. It is one of `needs.files`. */
  readonly upload?: Upload;
  /** Absent: a person does this step by hand. */
  readonly run?: Fence;
  readonly check?: Fence;
  readonly undo?: Fence;
}

/** Ordered steps for a target, waiting for a person. */
export interface Runbook {
  /** The name that errors give. */
  readonly file: string;
  readonly source: string;
  /** `rb-` and a ULID. */
  readonly id: string;
  /** Id of the memo that it answers. */
  readonly memo?: string;
  readonly node: string;
  /** Name of a target in mesh.yml. */
  readonly target: string;
  /** ISO 8601. */
  readonly created: string;
  /** Score of the quality gate, 0 to 100. */
  readonly gate?: number;
  readonly title: string;
  /** What the level-2 headings say that are no steps. */
  readonly sections: readonly Section[];
  readonly steps: readonly Step[];
}
