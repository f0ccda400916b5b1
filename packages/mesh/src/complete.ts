import { Exit, MeshError, newId, withHeader } from "@memomesh/core";
import { completeMemo, readBody } from "@memomesh/core/markdown";
import { findMemoEntry } from "./box.ts";
import { BaseChanged, type Change } from "./change.ts";
import { History } from "./history.ts";
import type { Mesh, MeshNode } from "./load.ts";
import { makeChange } from "./make-change.ts";
import { archiveEdits, readMemoFile } from "./memo-file.ts";
import { refuseSecrets } from "./secrets.ts";

/** What a person says about a memo that they have worked on themselves. */
export interface HandCompletion {
  /** Markdown for the completion notes; may be empty. */
  readonly notes: string;
  /** Which boxes to tick: numbers count from 1. Boxes that are ticked in the file stay so. */
  readonly tick: "all" | "none" | readonly number[];
}

/**
 * Completes a memo of an inbox and archives it, as a session does at its end, and commits that.
 *
 * @param reference the memo's id or the end of it
 * @returns where it lies in the archive
 * @throws MeshError `memo.unknown`, `memo.not-waiting` when it is not in the inbox, `memo.no-box`, `memo.secret`, `memo.changed` when
 * somebody edits it in this moment
 */
export async function completeByHand(
  mesh: Mesh,
  node: MeshNode,
  reference: string,
  { notes, tick }: HandCompletion,
): Promise<{ id: string; subject: string; path: string }> {
  const entry = await findMemoEntry([node], reference);
  const { memo } = await readMemoFile(entry.path);
  const { id = "", subject, from = "operator" } = memo.header;
  if (entry.box !== "incoming") {
    throw new MeshError(
      "memo.not-waiting",
      `"${subject}" is in ${entry.box} of ${node.id}; only what lies in its inbox can be completed`,
      { exit: Exit.usage },
    );
  }
  await refuseSecrets(notes, `the notes on "${subject}"`, mesh.guard);
  const at = new Date();
  const boxes = readBody(memo).items.length;
  const done =
    tick === "all"
      ? Array.from({ length: boxes }, (_, index) => index)
      : tick === "none"
        ? []
        : tick.map((number) => number - 1);
  const missing = done.find((index) => index >= boxes);
  if (missing !== undefined) {
    throw new MeshError("memo.no-box", `"${subject}" has no action item ${missing + 1}; it has ${boxes}`, {
      exit: Exit.usage,
    });
  }
  const completed = completeMemo(memo, { by: node.id, at: at.toISOString(), notes, done });
  const source = withHeader(completed, { status: "done", question: undefined });
  const edits = archiveEdits(node, { path: entry.path, memo }, source, at);
  const trailers = [
    ["Memo-Id", id],
    ["Memo-From", from],
    ["Node", node.id],
  ] as const;
  await make(mesh, {
    id: newId(at.getTime()),
    within: node.folder,
    edits,
    commit: { subject: `Complete "${subject}"`, body: notes, trailers },
  });
  return { id, subject, path: edits[0]?.path ?? "" };
}

async function make(mesh: Mesh, change: Change): Promise<void> {
  const history = await History.open(mesh, () => {});
  try {
    await makeChange(mesh.root, history, change);
  } catch (error) {
    if (!(error instanceof BaseChanged)) throw error;
    throw new MeshError("memo.changed", "the memo was changed in this moment; nothing was done. Try again", {
      exit: Exit.tryAgain,
      cause: error,
    });
  } finally {
    await history.close();
  }
}
