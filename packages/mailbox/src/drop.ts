import { readdirSync, readFileSync } from "node:fs";
import { unlink } from "node:fs/promises";
import { join } from "node:path";
import { idSuffix, idTime, incomingFolder, type MeshError, type NodeFolder, outgoingFolder } from "@memomesh/core";
import { isInHand } from "./claim.ts";
import { errnoOf, fileError } from "./fault.ts";
import { isLeftTemporary, look } from "./files.ts";
import { checkFolder } from "./folder.ts";
import { isVouchedFor, readHead, readMark } from "./head.ts";
import { isMemoName, readClaimName, suffixInName } from "./name.ts";
import { isGone, isOnThisMachine, type Owner, thisProcess } from "./owner.ts";
import { type Sighting, type Stamp, sameStamp, settle } from "./settle.ts";

export type DropBox = "outgoing" | "incoming";

/** Something that lies in a mailbox and has not been delivered. */
export interface Drop {
  /** Id of the node in whose folder it lies. */
  readonly node: string;
  /** Absolute path of `memos/outgoing` or `memos/incoming`. */
  readonly folder: string;
  readonly box: DropBox;
  readonly name: string;
}

/** A drop that can be claimed, and how it looked when that was decided. */
export interface ReadyDrop extends Drop {
  readonly stamp: Stamp;
}

/** A drop that may still be written to. */
export interface WaitingDrop extends Drop {
  /** Milliseconds until it is ready if nobody touches it. */
  readonly leftMs: number;
  /** An empty file waits much longer: a person has made it and is about to fill it. */
  readonly empty: boolean;
}

/** A claim whose owner will not finish it. Its id is the one under which parts of it may have been delivered. */
export interface LeftClaim extends Drop {
  readonly id: string;
  /** Absolute path of the claim. */
  readonly path: string;
}

export interface Scan {
  readonly ready: readonly ReadyDrop[];
  readonly waiting: readonly WaitingDrop[];
  readonly left: readonly LeftClaim[];
  /** Folders that could not be read. */
  readonly problems: readonly MeshError[];
}

export interface ScanOptions {
  /** How long a file has to be quiet before it counts as completely written, in milliseconds. */
  readonly settleMs: number;
  /** Larger files are not read to see whether they are complete. */
  readonly maxBytes: number;
  /** How long an empty file may stay empty, in milliseconds; default one minute. */
  readonly emptyMs?: number;
}

/** A claim of another machine, which cannot be asked whether its process lives, is taken over after ten minutes. */
const foreignClaimMs = 600_000;

/**
 * Finds what was dropped into mailboxes and tells what is completely written. It remembers what it saw, so that one
 * scanner, asked again, knows what has been quiet; it changes nothing but for removing temporary files of dead processes.
 */
export class DropScanner {
  readonly #options: Required<ScanOptions>;
  readonly #sightings = new Map<string, Map<string, Sighting>>();
  readonly #delivered = new Map<string, Set<string>>();

  constructor(options: ScanOptions) {
    this.#options = { emptyMs: 60_000, ...options };
  }

  /**
   * Looks through a node's `outgoing` and `incoming`.
   *
   * @param now milliseconds since 1970
   * @param limit how many drops may be ready before it stops looking for more; they share a delivery and bound its memory
   */
  async scan(node: NodeFolder, now: number, limit = 256): Promise<Scan> {
    const found: Found = { ready: [], waiting: [], left: [], problems: [] };
    await this.#scanBox(
      { node: node.id, folder: outgoingFolder(node.folder), box: "outgoing" },
      node,
      now,
      limit,
      found,
    );
    await this.#scanBox(
      { node: node.id, folder: incomingFolder(node.folder), box: "incoming" },
      node,
      now,
      limit,
      found,
    );
    return found;
  }

  async #scanBox(box: Box, node: NodeFolder, now: number, limit: number, found: Found): Promise<void> {
    const names = namesIn(box, node, found);
    const sightings = new Map<string, Sighting>();
    const before = this.#sightings.get(box.folder);
    for (const name of names) {
      if (name.startsWith(".")) await lookAtHidden({ ...box, name }, now, found);
      if (!isMemoName(name)) continue;
      const last = before?.get(name);
      const seen = found.ready.length < limit ? this.#lookAt({ ...box, name }, last, now, found) : last;
      if (seen !== undefined) sightings.set(name, seen);
    }
    if (sightings.size > 0) this.#sightings.set(box.folder, sightings);
    else this.#sightings.delete(box.folder);
    this.#forgetDelivered(box.folder, names);
  }

  /** Decides whether a drop is ready. Returns what to remember of it until the next scan. */
  #lookAt(drop: Drop, before: Sighting | undefined, now: number, found: Found): Sighting | undefined {
    if (drop.box === "incoming" && this.#isDelivered(drop.folder, drop.name)) return undefined;
    const path = join(drop.folder, drop.name);
    const stats = look(path);
    if (stats === undefined) return undefined;
    const stamp = { ino: stats.ino, size: stats.size, mtimeMs: stats.mtimeMs };
    const empty = stats.isFile() && stats.size === 0;
    const { seen, leftMs } = settle(before, stamp, now, empty ? this.#options.emptyMs : this.#options.settleMs);
    const changed = before === undefined || !sameStamp(before.stamp, stamp);
    const readable = stats.isFile() && !empty && stats.size <= this.#options.maxBytes;
    if (leftMs === 0 || (changed && readable && isCompleteFile(path))) found.ready.push({ ...drop, stamp });
    else found.waiting.push({ ...drop, leftMs, empty });
    return seen;
  }

  /** Whether a file of an inbox is a memo that was delivered there; the name alone proves nothing. */
  #isDelivered(folder: string, name: string): boolean {
    const known = this.#delivered.get(folder);
    if (known?.has(name)) return true;
    if (!isDeliveredFile(join(folder, name), name)) return false;
    if (known === undefined) this.#delivered.set(folder, new Set([name]));
    else known.add(name);
    return true;
  }

  #forgetDelivered(folder: string, names: readonly string[]): void {
    const known = this.#delivered.get(folder);
    if (known === undefined || known.size === 0) return;
    const there = new Set(names);
    for (const name of known) if (!there.has(name)) known.delete(name);
  }
}

type Box = Omit<Drop, "name">;
type Found = { -readonly [K in keyof Scan]: Scan[K] extends readonly (infer T)[] ? T[] : never };

function namesIn(box: Box, node: NodeFolder, found: Found): string[] {
  try {
    return checkFolder(node, box.folder) ? readdirSync(box.folder).sort() : [];
  } catch (error) {
    if (errnoOf(error) !== "ENOENT") found.problems.push(fileError(error, `reading ${box.folder}`));
    return [];
  }
}

async function lookAtHidden(drop: Drop, now: number, found: Found): Promise<void> {
  const path = join(drop.folder, drop.name);
  const claim = readClaimName(drop.name);
  if (claim !== undefined) {
    if (!isInHand(path) && isLeft(claim.owner, claim.id, now))
      found.left.push({ ...drop, id: claim.id, name: claim.name, path });
  } else if (isLeftTemporary(drop.name)) {
    await unlink(path).catch((error) => found.problems.push(fileError(error, `removing ${path}`)));
  }
}

/** A claim of this very process that nobody holds in hand is one whose delivery failed. */
function isLeft(owner: Owner, id: string, now: number): boolean {
  if (owner === thisProcess() || isGone(owner)) return true;
  return !isOnThisMachine(owner) && now - idTime(id) > foreignClaimMs;
}

function isDeliveredFile(path: string, name: string): boolean {
  const suffix = suffixInName(name);
  if (suffix === undefined) return false;
  try {
    const mark = readMark(readHead(path), path);
    return mark?.delivered === true && idSuffix(mark.id) === suffix;
  } catch (error) {
    if (errnoOf(error) === undefined) throw error;
    return false;
  }
}

function isCompleteFile(path: string): boolean {
  try {
    return isVouchedFor(readFileSync(path, "utf8"), path);
  } catch (error) {
    if (errnoOf(error) === undefined) throw error;
    return false;
  }
}
