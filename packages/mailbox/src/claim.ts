import { isUtf8 } from "node:buffer";
import { closeSync, constants, fstatSync, openSync, readdirSync, readSync, type Stats } from "node:fs";
import { rename, unlink } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { MeshError, newId } from "@memomesh/core";
import type { Drop, LeftClaim, ReadyDrop } from "./drop.ts";
import { errnoOf, fileError } from "./fault.ts";
import { isSameFile, look, moveToFreeName } from "./files.ts";
import { isVouchedFor } from "./head.ts";
import { claimName, variantName } from "./name.ts";
import { type Stamp, sameStamp } from "./settle.ts";

/** A drop that belongs to this process alone until it is delivered, rejected or released. */
export interface Claim {
  /** A ULID given at the claim. A memo without an id gets it, also when another process finishes the claim. */
  readonly id: string;
  /** Milliseconds since 1970. */
  readonly at: number;
  /** Absolute path of the hidden file, beside where the drop lay. */
  readonly path: string;
  readonly drop: Drop;
  /** The content, or `memo.file.*`: why this is no memo file. */
  readonly bytes: Buffer | MeshError;
  /** Whether an earlier attempt may have delivered it in part or in whole. */
  readonly recovered: boolean;
}

export interface ClaimOptions {
  /** Milliseconds since 1970. */
  readonly now: number;
  /** Larger files are not read. */
  readonly maxBytes: number;
}

/** Claims that this process works on now. Those that are not here and carry its name are to be tried again. */
const inHand = new Set<string>();

export function isInHand(path: string): boolean {
  return inHand.has(path);
}

/** Ends the work on a claim, whether its file is gone or stays to be tried again. */
export function letGo(claim: Claim): void {
  inHand.delete(claim.path);
}

/**
 * Takes a drop, so that no other router has it: the rename succeeds for only one of them.
 *
 * @returns undefined when somebody else was faster, or when the drop is being written to and was put back
 * @throws MeshError `mailbox.*` when the folder does not allow it; the drop lies where it lay
 */
export async function claimDrop(drop: ReadyDrop, { now, maxBytes }: ClaimOptions): Promise<Claim | undefined> {
  const id = newId(now);
  const path = join(drop.folder, claimName(id, drop.name));
  // Before the rename, so that no scan in between takes the claim for one that was left behind.
  inHand.add(path);
  if (!(await renamed(join(drop.folder, drop.name), path))) return undefined;
  const { node, folder, box, name } = drop;
  const content = read(path, name, maxBytes);
  const claim = { id, at: now, path, drop: { node, folder, box, name }, bytes: content.bytes, recovered: false };
  if (sameStamp(content.stamp, drop.stamp) || isComplete(content.bytes, name)) return claim;
  await releaseClaim(claim);
  return undefined;
}

/**
 * Takes over a claim that was left behind, under the id that it has.
 *
 * @returns undefined when somebody else was faster, or when it was being put back and now is
 * @throws MeshError `mailbox.*` when the folder does not allow it
 */
export async function resumeClaim(left: LeftClaim, { now, maxBytes }: ClaimOptions): Promise<Claim | undefined> {
  const { id, node, folder, box, name } = left;
  const path = join(folder, claimName(id, name));
  if (isInHand(path)) return undefined;
  inHand.add(path);
  if (!(await renamed(left.path, path))) return undefined;
  if (isReleased(path)) {
    await unlink(path);
    inHand.delete(path);
    return undefined;
  }
  return {
    id,
    at: now,
    path,
    drop: { node, folder, box, name },
    bytes: read(path, name, maxBytes).bytes,
    recovered: true,
  };
}

/**
 * Puts a claim back where it was dropped; beside it, should something else lie there by now.
 *
 * @returns the path at which it lies
 * @throws MeshError `mailbox.*` when the folder does not allow it; the claim stays and will be found again
 */
export async function releaseClaim(claim: Claim): Promise<string> {
  try {
    for (let attempt = 1; ; attempt += 1) {
      const path = join(claim.drop.folder, variantName(claim.drop.name, attempt));
      if (await moveToFreeName(claim.path, path)) return path;
    }
  } catch (error) {
    throw fileError(error, `putting ${claim.drop.name} back into ${claim.drop.folder}`);
  } finally {
    letGo(claim);
  }
}

async function renamed(from: string, to: string): Promise<boolean> {
  try {
    if (from !== to) await rename(from, to);
    return true;
  } catch (error) {
    inHand.delete(to);
    if (errnoOf(error) === "ENOENT") return false;
    throw fileError(error, `taking ${from}`);
  }
}

/** A process that died while it put a claim back left the file under both names. */
function isReleased(claim: string): boolean {
  const stats = look(claim);
  if (stats === undefined || !stats.isFile() || stats.nlink === 1) return false;
  const folder = dirname(claim);
  return readdirSync(folder).some(
    (name) => !name.startsWith(".") && name !== basename(claim) && isSameFile(claim, join(folder, name)),
  );
}

function isComplete(bytes: Buffer | MeshError, name: string): boolean {
  return Buffer.isBuffer(bytes) && isVouchedFor(bytes.toString(), name);
}

interface Content {
  readonly bytes: Buffer | MeshError;
  readonly stamp: Stamp;
}

/** Reads a claimed file. Links are not followed, pipes not waited for. */
function read(path: string, name: string, maxBytes: number): Content {
  const stats = look(path);
  if (stats === undefined)
    return {
      bytes: refused("vanished", "it vanished while it was being taken."),
      stamp: { ino: 0, size: 0, mtimeMs: 0 },
    };
  const reason = refusal(stats, name, maxBytes);
  if (reason !== undefined) return { bytes: reason, stamp: stats };
  try {
    return readFile(path, stats.size);
  } catch (error) {
    const errno = errnoOf(error);
    if (errno === undefined) throw error;
    return {
      bytes: refused("unreadable", `it cannot be read (${errno}); expected a file that the mesh may read.`),
      stamp: stats,
    };
  }
}

function readFile(path: string, size: number): Content {
  const file = openSync(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  try {
    const buffer = Buffer.allocUnsafe(size);
    const length = size === 0 ? 0 : readSync(file, buffer, 0, size, 0);
    const bytes = buffer.subarray(0, length);
    const stamp = fstatSync(file);
    return isUtf8(bytes)
      ? { bytes, stamp }
      : { bytes: refused("not-utf8", "it is not UTF-8; expected Markdown in UTF-8."), stamp };
  } finally {
    closeSync(file);
  }
}

function refusal(stats: Stats, name: string, maxBytes: number): MeshError | undefined {
  if (stats.isDirectory()) return refused("folder", "this is a folder; expected a Markdown file.");
  if (stats.isSymbolicLink())
    return refused("link", "this is a symbolic link, which the mesh does not follow; expected the file itself.");
  if (!stats.isFile()) return refused("special", "this is a pipe, socket or device; expected a Markdown file.");
  if (!/\.md$/i.test(name)) return refused("name", "its name does not end in .md; expected a Markdown file.");
  if (stats.size > maxBytes)
    return refused("too-large", `it has ${stats.size} bytes and the mesh allows ${maxBytes} (policy.maxMemoBytes).`);
  return stats.size === 0
    ? refused("empty", "it is empty; expected a header that says to whom, and a text.")
    : undefined;
}

function refused(kind: string, sentence: string): MeshError {
  return new MeshError(`memo.file.${kind}`, sentence);
}
