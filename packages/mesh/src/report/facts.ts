import type { MemoType } from "@memomesh/core";
import type { RunbookProgress } from "@memomesh/runbooks";
import type { SpendingEntry } from "../spending.ts";

/** A memo that a node has received. Times are milliseconds since 1970. */
export interface MemoFact {
  readonly id: string;
  readonly node: string;
  readonly type: MemoType | undefined;
  readonly received: number;
  /** When it was completed, or declined; undefined while it is open, and when the memo does not tell. */
  readonly done: number | undefined;
  readonly archived: boolean;
}

/** A runbook, and what became of it. */
export interface RunFact {
  readonly node: string;
  /** Id of the memo that asked for it. */
  readonly memo: string | undefined;
  readonly created: number;
  readonly gate: number | undefined;
  readonly state: RunbookProgress["state"];
  /** When the last of its steps ended; undefined when none was begun. */
  readonly ended: number | undefined;
}

/** What a node has written down. */
export interface NodeFact {
  readonly node: string;
  readonly lessons: number;
  /** How often lessons were met again. */
  readonly recurrences: number;
  /** What of its documentation is there, and what is not; paths in its folder. */
  readonly documented: readonly string[];
  readonly missing: readonly string[];
}

/** All that a report is made of. */
export interface Facts {
  readonly mesh: string;
  readonly memos: readonly MemoFact[];
  readonly runs: readonly RunFact[];
  readonly nodes: readonly NodeFact[];
  readonly spending: readonly SpendingEntry[];
  /** When the first answer to a memo was written, by the memo's id. */
  readonly answered: ReadonlyMap<string, number>;
}
