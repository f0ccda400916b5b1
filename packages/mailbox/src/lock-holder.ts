import { readFileSync } from "node:fs";
import { Exit, MeshError } from "@memomesh/core";
import { errnoOf, fileError } from "./fault.ts";
import { isOnThisMachine, type Owner } from "./owner.ts";

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

/**
 * The holder that a lock names.
 *
 * @returns undefined when there is no such file
 * @throws MeshError `mesh.lock.unreadable`
 */
export function readHolder(path: string): LockHolder | undefined {
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

/** What to tell whoever wants a lock that this holder has. */
export function locked(path: string, { command, pid, host, since, process }: LockHolder): MeshError {
  const remedy = isOnThisMachine(process)
    ? "Leave the work to it, or stop it first."
    : `Leave the work to it, or stop it there; delete ${path} when that machine is gone.`;
  const sentence = `"${command}" already coordinates this mesh (process ${pid} on ${host}, since ${since}). ${remedy}`;
  return new MeshError("mesh.locked", sentence, { exit: Exit.tryAgain });
}
