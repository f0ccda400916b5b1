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
  /** The beginning of what it says, on one line; absent when it is nothing but lists and blocks. */
  readonly says?: string;
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

const longest = 300;

/** The first paragraph of prose: it says why, where people say it. */
function beginningOf(body: string): string | undefined {
  const [first] = body
    .replace(/^(`{3,}|~{3,})[\s\S]*?^\1.*$/gm, "")
    .split(/\n\s*\n/)
    .map((paragraph) => paragraph.replace(/^\s*#.*$/gm, "").trim())
    .filter((paragraph) => paragraph !== "" && !/^(?:[-*+>|]|\d+\.) ?/.test(paragraph));
  const line = first?.replace(/\s+/g, " ");
  return line !== undefined && line.length > longest ? `${line.slice(0, longest)}…` : line;
}

async function toldMemo(mesh: Mesh, id: string): Promise<MemoTold | undefined> {
  for (const node of mesh.nodes.values()) {
    const path = await findMemo(node, id);
    if (path === undefined) continue;
    const { memo } = await readMemoFile(path);
    const { from = "operator", to, date = "", type, subject, status = "waits", runbook } = memo.header;
    const says = beginningOf(memo.body);
    return {
      ...{ id, from, to, date, type, subject, status, file: relative(mesh.root, path), runbook, node: node.id },
      ...(says === undefined ? {} : { says }),
    };
  }
  return undefined;
}
