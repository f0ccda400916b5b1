import { unlink } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { archivedFolder, type NodeFolder } from "@memomesh/core";
import { errnoOf, fileError } from "./fault.ts";
import { syncFolder, writeDurably, writeNew } from "./files.ts";
import { archivesSince, findMemos } from "./find.ts";
import { ensureFolder } from "./folder.ts";
import { readMark } from "./head.ts";
import { numberedName } from "./name.ts";

/**
 * Moves a memo from the inbox to the archive of a month, in its completed form and under its own name. The completed
 * form is on the disk before the memo leaves the inbox. After a crash the call can be repeated, also with another text
 * or in another month: the last text stands, and the memo is there once.
 *
 * @param memoPath absolute path of the memo in the inbox; it may be gone already
 * @param completed the whole new text of the file
 * @returns the absolute path in the archive
 * @throws MeshError `mailbox.*` when the disk does not take it; the memo is still in the inbox
 */
export async function archive(node: NodeFolder, memoPath: string, completed: string, at: Date): Promise<string> {
  try {
    const folder = await ensureFolder(node, archivedFolder(node.folder, at));
    const path = await writeArchived(node, folder, basename(memoPath), completed);
    await syncFolder(dirname(path));
    await unlink(memoPath).catch((error) => {
      if (errnoOf(error) !== "ENOENT") throw error;
    });
    return path;
  } catch (error) {
    throw fileError(error, `archiving ${basename(memoPath)}`);
  }
}

async function writeArchived(node: NodeFolder, folder: string, name: string, completed: string): Promise<string> {
  const id = readMark(completed, name)?.id;
  const begun = id === undefined ? undefined : findMemos(node, [id], archivesSince(node, [id])).get(id)?.path;
  if (begun !== undefined) {
    await writeDurably(begun, completed);
    return begun;
  }
  for (let attempt = 1; ; attempt += 1) {
    const path = join(folder, numberedName(name, attempt));
    if (await writeNew(path, completed)) return path;
  }
}
