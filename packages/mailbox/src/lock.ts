import { mkdir, rm } from "node:fs/promises";
import { hostname } from "node:os";
import { dirname, join } from "node:path";
import { fileError } from "./fault.ts";
import { writeTemporary } from "./files.ts";
import { type LockHolder, locked, readHolder } from "./lock-holder.ts";
import { isGone, thisProcess } from "./owner.ts";
import { isLinked, succeed } from "./succession.ts";

/** The right to coordinate a mesh, which one process has at a time. */
export interface CoordinatorLock {
  readonly holder: LockHolder;
  release(): Promise<void>;
}

/**
 * Takes `.memomesh/coordinator.lock`. A lock whose holder is provably gone is taken over.
 *
 * @param root absolute path of the mesh
 * @param command what the person started
 * @throws MeshError `mesh.locked`, exit code 75, that names the holder; `mesh.lock.unreadable`
 */
export async function acquireLock(root: string, command: string, now = new Date()): Promise<CoordinatorLock> {
  const path = lockPath(root);
  const holder = { pid: process.pid, host: hostname(), command, since: now.toISOString(), process: thisProcess() };
  try {
    await mkdir(dirname(path), { recursive: true });
    const written = await writeTemporary(dirname(path), `${JSON.stringify(holder, null, 2)}\n`);
    try {
      while (!(await takeLock(path, written)));
    } finally {
      await rm(written, { force: true });
    }
  } catch (error) {
    throw fileError(error, `taking ${path}`);
  }
  return { holder, release: () => releaseLock(path, holder) };
}

/** Who coordinates the mesh now; undefined when nobody does. */
export function lockHolder(root: string): LockHolder | undefined {
  const holder = readHolder(lockPath(root));
  return holder === undefined || isGone(holder.process) ? undefined : holder;
}

function lockPath(root: string): string {
  return join(root, ".memomesh", "coordinator.lock");
}

/**
 * One try.
 *
 * @param written a file that holds the new holder
 * @returns false when the lock changed meanwhile and the question has to be asked again
 */
async function takeLock(path: string, written: string): Promise<boolean> {
  if (await isLinked(written, path)) return true;
  const holder = readHolder(path);
  if (holder === undefined) return false;
  if (!isGone(holder.process)) throw locked(path, holder);
  return succeed(path, written, holder);
}

async function releaseLock(path: string, holder: LockHolder): Promise<void> {
  if (readHolder(path)?.process === holder.process) await rm(path, { force: true });
}
