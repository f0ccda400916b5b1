import { readdirSync, renameSync } from "node:fs";
import { unlink } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { type MeshError, newId } from "@memomesh/core";
import { readContent } from "./content.ts";
import type { Drop, LeftClaim, ReadyDrop } from "./drop.ts";
import { errnoOf, fileError } from "./fault.ts";
import { isSameFile, look, moveToFreeName } from "./files.ts";
import { isVouchedFor } from "./head.ts";
import { claimName, variantName } from "./name.ts";
import { sameStamp } from "./settle.ts";

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
  if (!renamed(join(drop.folder, drop.name), path)) return undefined;
  const { node, folder, box, name } = drop;
  const content = readContent(path, name, maxBytes);
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
  if (!renamed(left.path, path)) return undefined;
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
    bytes: readContent(path, name, maxBytes).bytes,
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

function renamed(from: string, to: string): boolean {
  try {
    // Through the thread pool it would wait behind memos that are being synced.
    if (from !== to) renameSync(from, to);
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
