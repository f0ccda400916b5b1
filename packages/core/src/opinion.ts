import type { SessionUsage } from "./changeset.ts";
import type { Risk } from "./runbook.ts";

export const severities = ["blocker", "concern", "remark"] as const;
/** `blocker`: it should not run like this. `concern`: the person should weigh it. `remark`: good to know. */
export type Severity = (typeof severities)[number];

export const verdicts = ["agree", "disagree", "none"] as const;
/** `none`: the opinion could not be had. */
export type Verdict = (typeof verdicts)[number];

/** One thing that a second agent says about a runbook. Its texts stand on one line. */
export interface OpinionFinding {
  /** Number of the step; absent when it is about the runbook as a whole. */
  readonly step?: number;
  readonly severity: Severity;
  readonly text: string;
  /** What should be done instead. */
  readonly instead?: string;
}

/** What a second agent thinks of a runbook, before a person sees it. It advises: it approves nothing and lowers no risk. */
export interface Opinion {
  /** Its name in mesh.yml. */
  readonly agent: string;
  readonly model?: string;
  readonly verdict: Verdict;
  /** On one line: what the verdict is based on, or why there is none. */
  readonly reasons: string;
  /** Its own opinion on steps, whatever their author says; each step once at most. */
  readonly risks: readonly { readonly step: number; readonly risk: Risk }[];
  readonly findings: readonly OpinionFinding[];
  readonly usage?: SessionUsage;
}

/** An opinion as it was kept, and the text that it is about. */
export interface KeptOpinion extends Omit<Opinion, "usage"> {
  /** Id of the runbook. */
  readonly runbook: string;
  /** Of the runbook's source, as `sha256` prints it: another source has not been looked at. */
  readonly digest: string;
  /** ISO 8601. */
  readonly date: string;
}
