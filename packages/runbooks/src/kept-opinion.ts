import { basename } from "node:path";
import { type KeptOpinion, MeshError, type OpinionFinding, type Risk, type Runbook, sha256 } from "@memomesh/core";
import { parseOpinion } from "@memomesh/core/markdown";
import { opinionFile } from "./layout.ts";
import { readSource } from "./read-source.ts";

/** What lies beside a runbook as a second agent's opinion on it. */
export type FoundOpinion =
  /** `stale`: it is about an earlier text of the runbook, or about another one. */
  | { readonly state: "current" | "stale"; readonly opinion: KeptOpinion; readonly path: string }
  | { readonly state: "unreadable"; readonly why: string; readonly path: string };

/**
 * Reads the opinion on a runbook.
 *
 * @param path of the runbook; absolute
 * @returns undefined when there is none
 */
export async function readOpinion(path: string, runbook: Runbook): Promise<FoundOpinion | undefined> {
  const file = opinionFile(path);
  try {
    const opinion = parseOpinion(await readSource(file, basename(file)), basename(file));
    const isCurrent = opinion.runbook === runbook.id && opinion.digest === sha256(runbook.source);
    return { state: isCurrent ? "current" : "stale", opinion, path: file };
  } catch (error) {
    if (!(error instanceof MeshError)) throw error;
    if (error.code === "runbook.missing") return undefined;
    return { state: "unreadable", why: error.message, path: file };
  }
}

/** What a second agent says about one step. */
export interface StepOpinion {
  readonly agent: string;
  /** Whether it is about another text than the one that is there. */
  readonly stale: boolean;
  /** When it is another one than the author's. */
  readonly risk: Risk | undefined;
  readonly findings: readonly OpinionFinding[];
}

/** The part of an opinion that is about one step; undefined when it says nothing about it. */
export function stepOpinion(found: FoundOpinion | undefined, number: number): StepOpinion | undefined {
  if (found === undefined || found.state === "unreadable") return undefined;
  const { agent, risks, findings } = found.opinion;
  const risk = risks.find(({ step }) => step === number)?.risk;
  const own = findings.filter(({ step }) => step === number);
  if (risk === undefined && own.length === 0) return undefined;
  return { agent, stale: found.state === "stale", risk, findings: own };
}
