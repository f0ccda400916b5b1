import { createHash } from "node:crypto";
import { constants, type Stats } from "node:fs";
import { type FileHandle, lstat, open, readdir } from "node:fs/promises";
import { join } from "node:path";
import { sha256 } from "@memomesh/core";

/** What a folder holds at one path, which is relative to it. */
export type TreeEntry = TreeFolder | TreeFile;

interface TreeFolder {
  readonly kind: "folder";
  readonly path: string;
}

export interface TreeFile {
  readonly kind: "file";
  readonly path: string;
  readonly executable: boolean;
  /** As `sha256` prints it. */
  readonly digest: string;
  readonly bytes: number;
}

/** More than this is no input of a deployment step but a mistake, such as a whole disk. */
const mostEntries = 50_000;

/** A file or folder that cannot be digested for a reason that its reviewer has to know. */
export class Undigestible extends Error {}

/**
 * Reads all that a folder holds, without following a link. A folder stands before what it holds.
 *
 * @param named what errors call it
 * @throws Undigestible for what is neither file nor folder, or cannot be read
 */
export async function readTree(folder: string, named: string): Promise<readonly TreeEntry[]> {
  const entries: TreeEntry[] = [];
  await listTree(folder, "", named, entries);
  return entries;
}

/**
 * The digest of a folder: that of a list of all it holds, sorted by path, with each file's digest and whether it is
 * executable. An empty folder counts, times and owners do not.
 */
export function treeDigest(entries: readonly TreeEntry[]): string {
  return sha256(JSON.stringify(["memomesh tree 1", ...entries.map(entryText).sort()]));
}

/** An entry as far as the digest of its folder knows it. */
export function entryText(entry: TreeEntry): string {
  if (entry.kind === "folder") return `${entry.path}/`;
  return `${entry.path}\n${entry.executable ? "x" : "-"} ${entry.digest}`;
}

async function listTree(folder: string, below: string, named: string, entries: TreeEntry[]): Promise<void> {
  for (const name of await readdir(folder)) {
    const absolute = join(folder, name);
    const path = below === "" ? name : `${below}/${name}`;
    const found = await status(absolute);
    if (found === undefined) throw new Undigestible(`\`${named}\` changed while it was read (${path}).`);
    if (entries.length >= mostEntries) throw new Undigestible(`\`${named}\` holds more than ${mostEntries} files.`);
    if (found.isDirectory()) {
      entries.push({ kind: "folder", path });
      await listTree(absolute, path, named, entries);
    } else {
      const file = await digestFile(absolute, `${named}/${path}`);
      entries.push({ kind: "file", path, executable: (found.mode & 0o111) !== 0, ...file });
    }
  }
}

/** @param named what errors call it */
export async function digestFile(path: string, named: string): Promise<Pick<TreeFile, "digest" | "bytes">> {
  const file = await openPlainly(path, named);
  try {
    const hash = createHash("sha256");
    let bytes = 0;
    for await (const chunk of file.createReadStream({ autoClose: false })) {
      hash.update(chunk as Buffer);
      bytes += (chunk as Buffer).length;
    }
    return { digest: `sha256:${hash.digest("hex")}`, bytes };
  } finally {
    await file.close();
  }
}

/**
 * Opens a plain file, and no link or pipe.
 *
 * @param named what errors call it
 */
export async function openPlainly(path: string, named: string): Promise<FileHandle> {
  const file = await openWithoutWaiting(path, named);
  if ((await file.stat()).isFile()) return file;
  await file.close();
  throw new Undigestible(`\`${named}\` is a special file; expected files and folders.`);
}

/** O_NONBLOCK: opening a named pipe must not wait for a writer. */
async function openWithoutWaiting(path: string, named: string): Promise<FileHandle> {
  try {
    return await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ELOOP") throw new Undigestible(`\`${named}\` is a symbolic link; expected files and folders.`);
    if (code === "ENXIO") throw new Undigestible(`\`${named}\` is a special file; expected files and folders.`);
    throw new Undigestible(`\`${named}\` cannot be read (${code}).`);
  }
}

/** What lies at a path; undefined when nothing does. */
export async function status(path: string): Promise<Stats | undefined> {
  try {
    return await lstat(path);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ENOENT" || code === "ENOTDIR") return undefined;
    throw error;
  }
}
