import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { idSuffix, idTime, incomingFolder, isId, type NodeFolder } from "@memomesh/core";
import { errnoOf } from "./fault.ts";
import { checkFolder } from "./folder.ts";
import { digestOf, type Mark, readHead, readMark } from "./head.ts";
import { suffixInName } from "./name.ts";

/** A memo file that was found in a node's mailbox. */
export interface FoundMemo {
  /** Absolute. */
  readonly path: string;
  readonly mark: Mark;
}

/** Clocks of the machines that name memos and archive them may differ by so much, in milliseconds. */
const clockSlackMs = 86_400_000;

/**
 * Where a node keeps the memo with this id: in its inbox or its archive.
 *
 * @returns the absolute path; undefined when it has no such memo
 */
export async function findMemo(node: NodeFolder, id: string): Promise<string | undefined> {
  return isId(id) ? findMemos(node, [id]).get(id)?.path : undefined;
}

/**
 * The same for many ids at once. File names end in the end of an id, so that only the headers of candidates are read.
 *
 * @param folders where to look, in this order; a memo that is archived meanwhile is not missed when the inbox comes first
 */
export function findMemos(
  node: NodeFolder,
  ids: readonly string[],
  folders = [incomingFolder(node.folder), ...archivesSince(node, ids)],
): Map<string, FoundMemo> {
  const suffixes = new Set(ids.map(idSuffix));
  const wanted = new Set(ids);
  const found = new Map<string, FoundMemo>();
  for (const folder of folders) {
    for (const name of namesIn(folder)) {
      if (!suffixes.has(suffixInName(name) ?? "")) continue;
      const memo = readFound(join(folder, name));
      if (memo !== undefined && wanted.delete(memo.mark.id)) found.set(memo.mark.id, memo);
    }
    if (wanted.size === 0) break;
  }
  return found;
}

/** The folders of the archive into which memos with these ids can have been put, the newest first. */
function archivesSince(node: NodeFolder, ids: readonly string[]): string[] {
  const oldest = Math.min(Date.now(), ...ids.map(idTime));
  const month = new Date(Math.max(0, oldest - clockSlackMs)).toISOString().slice(0, 7);
  return archivedMonths(node).flatMap(({ name, folder }) => (name >= month ? folder : []));
}

/** The digest of a memo's body as it was sent; of its body now, when its header does not tell. */
export function sentDigest({ path, mark }: FoundMemo): string {
  return mark.digest ?? digestOf(readFileSync(path, "utf8"), path);
}

/** The folders `memos/archived/YYYY/MM` of a node, the newest first. */
export function archivedMonths(node: NodeFolder): { readonly name: string; readonly folder: string }[] {
  const archive = join(node.folder, "memos", "archived");
  if (!checkFolder(node, archive)) return [];
  const years = namesIn(archive).filter((name) => /^\d{4}$/.test(name));
  return years
    .flatMap((year) =>
      namesIn(join(archive, year)).map((month) => ({ name: `${year}-${month}`, folder: join(archive, year, month) })),
    )
    .filter(({ name }) => /-\d{2}$/.test(name))
    .sort((a, b) => (a.name < b.name ? 1 : -1));
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch (error) {
    if (errnoOf(error) === "ENOENT" || errnoOf(error) === "ENOTDIR") return [];
    throw error;
  }
}

/** The delivered memo in this file; undefined when it holds none. */
export function readFound(path: string): FoundMemo | undefined {
  try {
    const mark = readMark(readHead(path), path);
    return mark?.delivered ? { path, mark } : undefined;
  } catch (error) {
    // Archived in this moment, or no plain file.
    if (["ENOENT", "ELOOP", "EISDIR", "ENXIO"].includes(errnoOf(error) ?? "")) return undefined;
    throw error;
  }
}
