import type { Memo, Runbook } from "@memomesh/core";
import type { OwnPrograms } from "@memomesh/guard";
import type { SessionJournal, SessionLimits, SessionNode, SessionTarget, TextFile, Workshop } from "../agent.ts";

/** All that a second agent is shown. It reads no files: what is not here, it does not know. */
export interface OpinionQuestion {
  readonly runbook: Runbook;
  /** The memo that asked for it; undefined when a person wrote the runbook without one. */
  readonly memo: Memo | undefined;
  /** Whose runbook it is. */
  readonly node: SessionNode;
  /** What its author says about the work, and what they could not find out. */
  readonly notes: string;
  readonly unknown: readonly string[];
  /** The files that the same session wrote, which the runbook may use. */
  readonly files: readonly TextFile[];
  /** The targets of the mesh by name. */
  readonly targets: Readonly<Record<string, SessionTarget>>;
  /** What mesh.yml says about programs. */
  readonly programs?: OwnPrograms;
  readonly limits: SessionLimits;
  readonly journal: SessionJournal;
  /** For an agent that is a program. */
  readonly workshop: Pick<Workshop, "folder" | "sandbox">;
  readonly signal: AbortSignal;
  /** Tells whoever watches what is being done. */
  progress(text: string): void;
}
