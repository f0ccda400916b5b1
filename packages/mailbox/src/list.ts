import { readdirSync } from "node:fs";
import { join } from "node:path";
import {
  incomingFolder,
  type MemoHeader,
  MeshError,
  type NodeFolder,
  outgoingFolder,
  parseMemo,
  rejectedFolder,
} from "@memomesh/core";
import { errnoOf, fileError } from "./fault.ts";
import { archivedMonths } from "./find.ts";
import { checkFolder } from "./folder.ts";
import { readHead } from "./head.ts";
import { isMemoName } from "./name.ts";

export type MemoBox = "outgoing" | "incoming" | "archived" | "rejected";

/** A file of a mailbox: its header, or why it has none that can be read. */
export type ListedMemo = { readonly path: string; readonly name: string } & (
  | { readonly header: MemoHeader }
  | { readonly problem: MeshError }
);

/**
 * The memos of one box of a mailbox. Only the header of each is read, and only when it is asked for, so that whoever
 * wants the last ten of a long archive reads ten.
 *
 * @returns by name, which begins with the day; the archive with the newest first
 * @throws MeshError `mailbox.*` when the box cannot be read
 */
export function* listMemos(node: NodeFolder, box: MemoBox): Generator<ListedMemo, void> {
  for (const folder of foldersOf(node, box)) {
    const names = memoNames(folder);
    for (const name of box === "archived" ? names.reverse() : names) {
      const listed = readListed(folder, name, node.id);
      if (listed !== undefined) yield listed;
    }
  }
}

function foldersOf(node: NodeFolder, box: MemoBox): string[] {
  if (box === "archived") return archivedMonths(node).map(({ folder }) => folder);
  const folder = { outgoing: outgoingFolder, incoming: incomingFolder, rejected: rejectedFolder }[box](node.folder);
  return checkFolder(node, folder) ? [folder] : [];
}

function memoNames(folder: string): string[] {
  try {
    return readdirSync(folder)
      .filter((name) => name.endsWith(".md") && isMemoName(name) && !name.endsWith(".reason.md"))
      .sort();
  } catch (error) {
    throw fileError(error, `reading ${folder}`);
  }
}

/** Undefined for what was moved away since the folder was listed. */
function readListed(folder: string, name: string, to: string): ListedMemo | undefined {
  const path = join(folder, name);
  try {
    return { path, name, header: parseMemo(readHead(path), path, { to }).header };
  } catch (error) {
    if (error instanceof MeshError) return { path, name, problem: error };
    return errnoOf(error) === "ENOENT" ? undefined : { path, name, problem: fileError(error, `reading ${path}`) };
  }
}
