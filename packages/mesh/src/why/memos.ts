import { relative } from "node:path";
import { isId, type MemoType } from "@memomesh/core";
import { findMemo } from "@memomesh/mailbox";
import type { Mesh } from "../load.ts";
import { readMemoFile } from "../memo-file.ts";

/** A memo, as far as a story needs it. */
export interface MemoTold {
  readonly id: string;
  readonly from: string;
  readonly to: readonly string[];
  /** ISO 8601, as written. */
  readonly date: string;
  readonly type: MemoType | undefined;
  readonly subject: string;
  readonly status: string;
  /** Relative to the mesh's root. */
  readonly file: string;
  /** Path in the recipient's folder. */
  readonly runbook: string | undefined;
  /** Whose mailbox holds it. */
  readonly node: string;
}

/** The memos with these ids, wherever in the mesh they lie, the oldest first. Those that are gone are left out. */
export async function toldMemos(mesh: Mesh, ids: Iterable<string>): Promise<MemoTold[]> {
  const told = await Promise.all([...new Set(ids)].filter(isId).map((id) => toldMemo(mesh, id)));
  return told.filter((memo) => memo !== undefined).sort((a, b) => (a.id < b.id ? -1 : 1));
}

async function toldMemo(mesh: Mesh, id: string): Promise<MemoTold | undefined> {
  for (const node of mesh.nodes.values()) {
    const path = await findMemo(node, id);
    if (path === undefined) continue;
    const {
      from = "operator",
      to,
      date = "",
      type,
      subject,
      status = "waits",
      runbook,
    } = (await readMemoFile(path)).memo.header;
    return { id, from, to, date, type, subject, status, file: relative(mesh.root, path), runbook, node: node.id };
  }
  return undefined;
}
