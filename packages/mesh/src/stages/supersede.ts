import { existsSync } from "node:fs";
import { join } from "node:path";
import { newId, sha256, withHeader } from "@memomesh/core";
import { completeMemo } from "@memomesh/core/markdown";
import type { StageRecord } from "@memomesh/core/stages";
import { findMemo } from "@memomesh/mailbox";
import { journalFile } from "@memomesh/runbooks";
import type { Answer } from "../ask/answer.ts";
import type { FileEdit } from "../change.ts";
import { textOf } from "../create.ts";
import { History } from "../history.ts";
import type { Mesh, MeshNode } from "../load.ts";
import { makeChange } from "../make-change.ts";
import { archiveEdits, readMemoFile } from "../memo-file.ts";

/**
 * Takes a stage's earlier runbook away when there is a better one: nobody shall approve it by mistake. Its memo is
 * archived. One of which something was decided stays, for its record does.
 */
export async function supersede(
  mesh: Mesh,
  node: MeshNode,
  { runbook, memos }: StageRecord,
  better: Answer,
): Promise<void> {
  const id = memos.at(-1);
  if (runbook === undefined || runbook === better.runbook || id === undefined) return;
  const old = join(mesh.root, runbook);
  if (existsSync(journalFile(old))) return;
  const at = new Date();
  const notes = `A better runbook took the place of this one: \`${better.runbook}\` (memo ${better.memo}).`;
  const source = await textOf(old);
  const path = await findMemo(node, id);
  const file = path === undefined ? undefined : await readMemoFile(path);
  const edits: FileEdit[] = source === undefined ? [] : [{ path: old, before: sha256(source), after: null }];
  if (file?.memo.header.status === "prepared") {
    const completed = completeMemo(file.memo, { by: "operator", at: at.toISOString(), notes, done: [] });
    edits.push(...archiveEdits(node, file, withHeader(completed, { status: "done", runbook: undefined }), at));
  }
  if (edits.length === 0) return;
  const trailers = [["Memo-Id", id] as const, ["Node", node.id] as const];
  const commit = { subject: `Replace the runbook of "${file?.memo.header.subject ?? runbook}"`, body: notes, trailers };
  const history = await History.open(mesh, () => {});
  try {
    await makeChange(mesh.root, history, { id: newId(at.getTime()), within: node.folder, edits, commit });
  } finally {
    await history.close();
  }
}
