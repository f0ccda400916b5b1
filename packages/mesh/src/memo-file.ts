import { readFile } from "node:fs/promises";
import { join } from "node:path";
import {
  archivedPath,
  type Memo,
  type MemoHeader,
  memoFileName,
  newId,
  type OutgoingMemo,
  outgoingFolder,
  parseMemo,
  printMemo,
  sha256,
} from "@memomesh/core";
import type { FileEdit } from "./change.ts";
import type { MeshNode } from "./load.ts";

/** A memo and the file in which it lies. */
export interface MemoFile {
  /** Absolute. */
  readonly path: string;
  readonly memo: Memo;
}

/** Reads a memo file as it lies on the disk. */
export async function readMemoFile(path: string): Promise<MemoFile> {
  return { path, memo: parseMemo(await readFile(path, "utf8"), path) };
}

/** Moves a memo from the inbox to the archive in its completed form. */
export function archiveEdits(node: MeshNode, file: MemoFile, completed: string, at: Date): FileEdit[] {
  return [
    { path: archivedPath(node.folder, at, file.path), before: null, after: completed },
    { path: file.path, before: sha256(file.memo.source), after: null },
  ];
}

/**
 * A memo as a file in the sender's `outgoing/`, in the form that the router takes at once. It is one hop further than
 * the memo that it was written about, whether it answers that one or not: what agents set off comes to an end.
 *
 * @param about the memo that was worked on
 * @param re id of the memo that it answers
 * @param id its own
 */
export function sentMemo(
  node: MeshNode,
  outgoing: OutgoingMemo,
  about: MemoHeader,
  re: string | undefined,
  at: Date,
  id = newId(at.getTime()),
): { readonly id: string; readonly edit: FileEdit } {
  const date = at.toISOString();
  const { to, priority, type, subject, body, origin, proposal } = outgoing;
  const thread = about.thread ?? about.id;
  const header = { ...(re === undefined ? {} : { re }), ...(thread === undefined ? {} : { thread }) };
  const said = { id, from: node.id, to, date, priority, type, origin, proposal, subject, body };
  const source = printMemo({ ...said, ...header, hops: about.hops + 1, digest: true });
  const path = join(outgoingFolder(node.folder), memoFileName(subject, date, id));
  return { id, edit: { path, before: null, after: source } };
}
