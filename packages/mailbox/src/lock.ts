import { readFileSync } from "node:fs";
import { link, mkdir, readdir, rename, rm } from "node:fs/promises";
import { hostname } from "node:os";
import { basename, dirname, join } from "node:path";
import { Exit, MeshError } from "@memomesh/core";
import { errnoOf, fileError } from "./fault.ts";
import { writeTemporary } from "./files.ts";
import { isGone, isOnThisMachine, type Owner, thisProcess } from "./owner.ts";

/** Who coordinates a mesh. */
export interface LockHolder {
  readonly pid: number;
  readonly host: string;
  /** What the person started, such as `memomesh watch`. */
  readonly command: string;
  /** ISO 8601. */
  readonly since: string;
  /** The process, told from an earlier one with the same pid by the time of its start. */
  readonly process: Owner;
}

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

/**
 * Replaces the lock of a dead holder.
 *
 * To remove it and then to take a free lock would let two breakers win: the slower one removes what the faster one has
 * just taken. Hence the lock is never absent. Only who has the file `…after-<dead holder>` may replace it, and looks
 * at the lock again when he has; should he die before he does, his own successor may.
 */
async function succeed(path: string, written: string, dead: LockHolder): Promise<boolean> {
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

async function releaseLock(path: string, holder: LockHolder): Promise<void> {
  if (readHolder(path)?.process === holder.process) await rm(path, { force: true });
}

async function isLinked(written: string, path: string): Promise<boolean> {
  try {
    await link(written, path);
    return true;
  } catch (error) {
    if (errnoOf(error) === "EEXIST") return false;
    throw error;
  }
}

function readHolder(path: string): LockHolder | undefined {
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch (error) {
    if (errnoOf(error) === "ENOENT") return undefined;
    throw fileError(error, `reading ${path}`);
  }
  const holder = parseHolder(text);
  if (holder !== undefined) return holder;
  const sentence = `${path} cannot be read, so it is not known who coordinates this mesh; delete it when no memomesh runs here.`;
  throw new MeshError("mesh.lock.unreadable", sentence, { exit: Exit.tryAgain });
}

function parseHolder(text: string): LockHolder | undefined {
  try {
    const { pid, host, command, since, process } = JSON.parse(text) as Record<string, unknown>;
    if (typeof pid !== "number" || typeof process !== "string") return undefined;
    return { pid, host: String(host), command: String(command), since: String(since), process };
  } catch {
    return undefined;
  }
}

function locked(path: string, { command, pid, host, since, process }: LockHolder): MeshError {
  const remedy = isOnThisMachine(process)
    ? "Leave the work to it, or stop it first."
    : `Leave the work to it, or stop it there; delete ${path} when that machine is gone.`;
  return new MeshError(
    "mesh.locked",
    `"${command}" already coordinates this mesh (process ${pid} on ${host}, since ${since}). ${remedy}`,
    {
      exit: Exit.tryAgain,
    },
  );
}
