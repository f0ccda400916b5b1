import { link, readdir, rename, rm } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { errnoOf } from "./fault.ts";
import { type LockHolder, locked, readHolder } from "./lock-holder.ts";
import { isGone } from "./owner.ts";

/**
 * Replaces the lock of a dead holder.
 *
 * To remove it and then to take a free lock would let two breakers win: the slower one removes what the faster one has
 * just taken. Hence the lock is never absent. Only who has the file `…after-<dead holder>` may replace it, and looks
 * at the lock again when he has; should he die before he does, his own successor may.
 *
 * @param written a file that holds the new holder
 * @param dead the holder as he was read from the lock
 * @returns false when the lock changed meanwhile and the question has to be asked again
 * @throws MeshError `mesh.locked` when somebody who lives is about to replace it
 */
export async function succeed(path: string, written: string, dead: LockHolder): Promise<boolean> {
  let right = successorPath(path, dead);
  while (!(await isLinked(written, right))) {
    const other = readHolder(right);
    if (other === undefined) return false;
    if (!isGone(other.process)) throw locked(path, other);
    right = successorPath(path, other);
  }
  if (readHolder(path)?.process !== dead.process) {
    await rm(right, { force: true });
    return false;
  }
  await rename(written, path);
  await removeSuccessors(path);
  return true;
}

function successorPath(path: string, dead: LockHolder): string {
  return `${path}.after-${dead.process}`;
}

/** To be called by the holder of the lock: while he lives, nobody can rightly have one of these files. */
async function removeSuccessors(path: string): Promise<void> {
  const folder = dirname(path);
  const names = (await readdir(folder)).filter((name) => name.startsWith(`${basename(path)}.after-`));
  await Promise.all(names.map((name) => rm(join(folder, name), { force: true })));
}

/** Whether a file got this name, which must be free. */
export async function isLinked(written: string, path: string): Promise<boolean> {
  try {
    await link(written, path);
    return true;
  } catch (error) {
    if (errnoOf(error) === "EEXIST") return false;
    throw error;
  }
}
