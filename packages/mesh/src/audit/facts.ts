import type { FileDigest, Risk, StepTarget, TrailLine } from "@memomesh/core";
import type { Approval, End, Person } from "@memomesh/runbooks";

// What the entries of a trail hold, by type. The chain says that they are what was written; verification takes them for
// what the writer writes, and finds what does not fit.

interface About {
  readonly line: TrailLine;
  readonly at: string;
  readonly runbook: string;
  /** Relative to the mesh's root. */
  readonly file: string;
  readonly step: number;
}

/** An approval, with all from which its digest can be made again. */
export interface ApprovedFacts extends About {
  readonly action: "run" | "undo";
  readonly digest: string;
  readonly approval: string;
  readonly by: Person;
  readonly how: Approval["how"];
  readonly overridden?: NonNullable<Approval["overridden"]>;
  /** ISO 8601: when the person decided. */
  readonly given: string;
  readonly turn: number;
  readonly risk: Risk;
  readonly source: string;
  readonly place: StepTarget;
  readonly files: readonly FileDigest[];
  readonly signature?: string;
}

export interface StartedFacts extends About {
  readonly phase: "run" | "undo" | "check";
  readonly digest: string;
  readonly approval?: string;
  readonly furtherApprovals?: readonly string[];
  readonly people?: number;
  readonly by: Person;
  readonly target: string;
}

interface FinishedFacts extends About {
  readonly phase: "run" | "undo" | "check";
  readonly end: End;
}

interface WithdrawnFacts extends About {
  readonly approvals: readonly string[];
}

interface Types {
  readonly approved: ApprovedFacts;
  readonly started: StartedFacts;
  readonly finished: FinishedFacts;
  readonly withdrawn: WithdrawnFacts;
}

/** The entry as one of a type; undefined when it is none. */
export function factsOf<T extends keyof Types>(line: TrailLine, type: T): Types[T] | undefined {
  return line.entry.type === type ? ({ ...line.entry, line } as unknown as Types[T]) : undefined;
}
