import { randomBytes } from "node:crypto";
import { constants } from "node:fs";
import { link, mkdir, open, rename, rm } from "node:fs/promises";
import { basename, dirname, join } from "node:path";

/**
 * Makes a file that did not exist, complete or not at all, and on the disk when this returns.
 *
 * @throws an `EEXIST` error when there is a file of that name already; it keeps its content
 */
export async function createDurably(path: string, data: string): Promise<void> {
  const temporary = await writeTemporary(path, data);
  try {
    await link(temporary, path);
  } finally {
    await rm(temporary, { force: true });
  }
  await syncFolder(dirname(path));
}

/** Replaces a file, or makes it; a reader sees the old content or the new, never a part. */
export async function replaceDurably(path: string, data: string): Promise<void> {
  const temporary = await writeTemporary(path, data);
  try {
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
  await syncFolder(dirname(path));
}

/** Renames a file within one file system, and makes both folders durable. */
export async function renameDurably(from: string, to: string): Promise<void> {
  await mkdir(dirname(to), { recursive: true });
  await rename(from, to);
  await syncFolder(dirname(to));
  await syncFolder(dirname(from));
}

/** Adds text to the end of a file in one write that other writers cannot split; it is on the disk when this returns. */
export async function appendDurably(path: string, text: (endsInNewline: boolean) => string): Promise<void> {
  // Without O_NOFOLLOW a link planted beside a runbook would lead the journal elsewhere.
  const flags = constants.O_RDWR | constants.O_APPEND | constants.O_CREAT | constants.O_NOFOLLOW;
  const file = await open(path, flags, 0o644);
  try {
    const { size } = await file.stat();
    const last = Buffer.alloc(1);
    if (size > 0) await file.read(last, 0, 1, size - 1);
    await file.appendFile(text(size === 0 || last[0] === 0x0a));
    await file.sync();
    if (size === 0) await syncFolder(dirname(path));
  } finally {
    await file.close();
  }
}

/** Makes sure that the names in a folder are on the disk. */
export async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, constants.O_RDONLY | constants.O_DIRECTORY);
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

async function writeTemporary(path: string, data: string): Promise<string> {
  await mkdir(dirname(path), { recursive: true });
  const temporary = join(dirname(path), `.${basename(path).slice(0, 150)}.${randomBytes(6).toString("hex")}.tmp`);
  const file = await open(temporary, "wx", 0o644);
  try {
    await file.writeFile(data);
    await file.sync();
  } finally {
    await file.close();
  }
  return temporary;
}
