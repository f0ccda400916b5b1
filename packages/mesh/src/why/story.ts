import type { Decision } from "./decision.ts";
import type { LessonTold } from "./lessons.ts";
import type { MemoTold } from "./memos.ts";
import type { RunbookTold } from "./runbook.ts";

/** A part of a file. Lines are counted from 1. */
export interface Spot {
  /** Relative to the mesh's root; absolute when it lies outside of it. */
  readonly file: string;
  readonly line?: number;
  /** The line as it stands there. */
  readonly text?: string;
}

/** What a person may ask about. */
export type SubjectKind = "file" | "lines" | "service" | "port" | "memo" | "runbook" | "step" | "stage" | "lesson";

/** Why something is as it is: who asked, who prepared it, who judged it, who decided, and what came of it. */
export interface Story {
  readonly kind: SubjectKind;
  /** What it is about, in a few words. */
  readonly about: string;
  readonly spots: readonly Spot[];
  /** Facts that belong to its beginning, in sentences: how far a stage is, that a file is in no commit. */
  readonly notes: readonly string[];
  /** Who asked; the oldest first. */
  readonly memos: readonly MemoTold[];
  /** What the history says; the oldest first. */
  readonly decisions: readonly Decision[];
  readonly runbooks: readonly RunbookTold[];
  readonly lessons: readonly LessonTold[];
}
