import * as fs from "node:fs";
import { closeSync, constants, fchmodSync, lstatSync, readdirSync, type Stats } from "node:fs";
import { link, rename, rm, unlink } from "node:fs/promises";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { errnoOf } from "./fault.ts";
import { isGone, type Owner, thisProcess } from "./owner.ts";

// What must not wait (creating, syncing, moving) goes through the thread pool. Looking something up, or taking a claim,
// takes microseconds when it is asked synchronously and ten times as long through the pool, so that is synchronous.

// Plain descriptors: a FileHandle costs as much time as the rest of a delivery.
const [open, write, fsync] = [promisify(fs.open), promisify(fs.write), promisify(fs.fsync)];

/**
 * Writes a file so that after a crash there is either the old content or the new one, never a part.
 *
 * @param mode its permissions; without them an existing file keeps its own and a new one gets those of the umask
 */
export async function writeDurably(path: string, data: string | Uint8Array, mode?: number): Promise<void> {
  const folder = dirname(path);
  const temporary = await writeTemporary(folder, data, mode ?? modeOf(path));
  try {
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
  await syncFolder(folder);
}

/**
 * Writes a file that must not exist yet. Its content is on the disk before it gets its name, and the name is when the
 * folder is synced.
 *
 * @returns false when the name is taken; nothing was changed
 */
export async function writeNew(path: string, data: string | Uint8Array): Promise<boolean> {
  const temporary = await writeTemporary(dirname(path), data);
  let moved = false;
  try {
    moved = await moveFile(temporary, path);
    return moved;
  } finally {
    if (!moved) await rm(temporary, { force: true });
  }
}

/** Waits until the names in a folder are on the disk. */
export async function syncFolder(folder: string): Promise<void> {
  const file = await open(folder, constants.O_RDONLY);
  await fsync(file).finally(() => closeSync(file));
}

let temporaries = 0;

/** Writes a hidden file whose content is on the disk and whose name is not yet; whoever asked for it moves or removes it. */
export async function writeTemporary(folder: string, data: string | Uint8Array, mode?: number): Promise<string> {
  const path = join(folder, `.memomesh-${thisProcess()}-${++temporaries}.tmp`);
  const file = await open(path, "wx");
  try {
    await writeWhole(file, typeof data === "string" ? Buffer.from(data) : data);
    if (mode !== undefined) fchmodSync(file, mode);
    await fsync(file);
    return path;
  } catch (error) {
    await rm(path, { force: true });
    throw error;
  } finally {
    closeSync(file);
  }
}

async function writeWhole(file: number, data: Uint8Array): Promise<void> {
  for (let written = 0; written < data.length; ) written += (await write(file, data, written)).bytesWritten;
}

const temporaryName = /^\.memomesh-([^-]+)-\d+\.tmp$/;

/** Whether a name is that of a temporary file whose owner died before it could move or remove it. */
export function isLeftTemporary(name: string): boolean {
  const owner: Owner | undefined = temporaryName.exec(name)?.[1];
  return owner !== undefined && isGone(owner);
}

/** Removes what processes that died while they wrote have left in a folder; one that is missing has nothing in it. */
export async function removeLeftTemporaries(folder: string): Promise<void> {
  const names = look(folder)?.isDirectory() ? readdirSync(folder).filter(isLeftTemporary) : [];
  await Promise.all(names.map((name) => rm(join(folder, name), { force: true })));
}

/** The file systems without hard links, and kernels that let only the owner of a file link it, answer with one of these. */
const noLinks = new Set(["EPERM", "EACCES", "ENOTSUP", "EOPNOTSUPP", "ENOSYS", "EMLINK"]);

/**
 * Moves anything to a new name on the same file system, and never onto something that is there.
 *
 * @returns false when the new name is taken
 */
export async function moveToFreeName(from: string, to: string): Promise<boolean> {
  return lstatSync(from).isFile() ? moveFile(from, to) : renameToFreeName(from, to);
}

/**
 * The same for a plain file: a link fails where rename would replace. The link is the move; should the process die before
 * it removes the old name, both names are the same file (`isSameFile`).
 */
export async function moveFile(from: string, to: string): Promise<boolean> {
  try {
    await link(from, to);
  } catch (error) {
    const errno = errnoOf(error) ?? "";
    if (errno === "EEXIST") return false;
    if (noLinks.has(errno)) return renameToFreeName(from, to);
    throw error;
  }
  await unlink(from);
  return true;
}

async function renameToFreeName(from: string, to: string): Promise<boolean> {
  if (look(to) !== undefined) return false;
  await rename(from, to);
  return true;
}

/** Whether two paths name one and the same file. */
export function isSameFile(one: string, other: string): boolean {
  const a = look(one);
  const b = look(other);
  return a !== undefined && b !== undefined && a.ino === b.ino && a.dev === b.dev;
}

function modeOf(path: string): number | undefined {
  const found = look(path);
  return found?.isFile() ? found.mode & 0o777 : undefined;
}

/** What stands at a path, links not followed; undefined when nothing does. */
export function look(path: string): Stats | undefined {
  try {
    return lstatSync(path, { throwIfNoEntry: false });
  } catch (error) {
    if (errnoOf(error) === "ENOTDIR") return undefined;
    throw error;
  }
}
