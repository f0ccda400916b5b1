import type { MemoType, Priority } from "./memo.ts";

/** A file that a session wants to write or delete. */
export interface FileChange {
  /** Relative to the node's folder, with "/" separators. */
  readonly path: string;
  /** null: delete. */
  readonly content: string | null;
  readonly executable?: boolean;
  /** Why, for the person who decides on it where it steers agents. */
  readonly reason?: string;
}

/** A memo that a session wants to send. */
export interface OutgoingMemo {
  readonly to: readonly string[];
  readonly subject: string;
  readonly type: MemoType;
  readonly priority: Priority;
  /** Markdown below the heading. */
  readonly body: string;
  /** Whether it answers the memo of the session; it does when this is absent. */
  readonly answers?: boolean;
  /** Id of another memo that it answers. */
  readonly re?: string;
  /** The session had read words from outside of the mesh; the mesh says so, not the session. */
  readonly origin?: "outside";
  /** SHA-256 of the proposal that the mesh keeps beside it. */
  readonly proposal?: string;
}

/** What a session wants to change of the files that steer agents: kept for the operator, who decides on it. */
export interface Wish {
  readonly files: readonly FileChange[];
  /** As in {@link OutgoingMemo}. */
  readonly origin?: "outside";
}

/** How a session ended. */
export type Outcome =
  | {
      readonly kind: "done";
      readonly notes: string;
      readonly done: readonly number[];
      readonly unknown: readonly string[];
    }
  | {
      readonly kind: "prepared";
      readonly notes: string;
      readonly done: readonly number[];
      readonly unknown: readonly string[];
      readonly runbook: { readonly path: string; readonly source: string };
    }
  /** The memo waits and is worked on again when the answer arrives. */
  | { readonly kind: "asked"; readonly notes: string; readonly question: OutgoingMemo }
  | { readonly kind: "declined"; readonly notes: string };

/** What a session reports for STATE.md; the mesh turns it into the new text. */
export interface StateReport {
  readonly status?: string;
  readonly progress?: readonly string[];
  readonly next?: readonly string[];
  readonly done?: readonly string[];
  readonly handover: string;
  /** The agent has left no handover notes, and these were written in their place. */
  readonly handoverBy?: "memomesh";
}

/** A failure pattern that a session has found, to be kept in docs/ai-lessons.md of its node. */
export interface LessonDraft {
  readonly title: string;
  readonly symptom: string;
  readonly cause: string;
  readonly fix: string;
  /** Globs of the files to which it applies; [] when it is about something else. */
  readonly appliesTo: readonly string[];
  /** Told to every session. Only a person says so; no session can. */
  readonly impact?: "high";
}

/** Everything that a session wants to change. It is a value: applied whole or not at all, by somebody else. */
export interface Changeset {
  readonly session: string;
  readonly node: string;
  /** Id of the memo worked on. */
  readonly memo: string;
  readonly agent: string;
  readonly model?: string;
  /** What the session has read: path in the node's folder, and its SHA-256 then; null when it was absent. */
  readonly base: Readonly<Record<string, string | null>>;
  readonly files: readonly FileChange[];
  readonly memos: readonly OutgoingMemo[];
  readonly lessons?: readonly LessonDraft[];
  /** Set by the mesh; agents put everything into `files`. */
  readonly wish?: Wish;
  readonly state?: StateReport;
  readonly outcome: Outcome;
  readonly usage?: SessionUsage;
}

/** What a session has used. */
export interface SessionUsage {
  /** Calls of a model. */
  readonly turns: number;
  /** What was read, from a cache or not. */
  readonly inputTokens: number;
  readonly outputTokens: number;
  /** US dollars; absent when no price is known. */
  readonly cost?: number;
  readonly seconds: number;
}
