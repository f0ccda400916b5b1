import { readdirSync, readFileSync } from "node:fs";
import { unlink } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { idSuffix, idTime, incomingFolder, type NodeFolder, outgoingFolder } from "@memomesh/core";
import { isInHand } from "./claim.ts";
import type { Copy } from "./copy.ts";
import type { Drop, Scan, ScanOptions } from "./drop.ts";
import { errnoOf, fileError } from "./fault.ts";
import { isLeftTemporary, look } from "./files.ts";
import { checkFolder } from "./folder.ts";
import { isVouchedFor, readHead, readMark } from "./head.ts";
import { isMemoName, readClaimName, suffixInName } from "./name.ts";
import { isGone, isOnThisMachine, type Owner, thisProcess } from "./owner.ts";
import { type Sighting, sameStamp, settle } from "./settle.ts";

/** A claim of another machine, which cannot be asked whether its process lives, is taken over after ten minutes. */
const foreignClaimMs = 600_000;

/** Large drops are taken in smaller numbers, so that their texts fit into memory together. */
const mostBytes = 16 * 1024 * 1024;

/** A folder in which things are dropped. */
type Box = Omit<Drop, "name">;

/** What a scanner remembers of a box. */
interface BoxMemory {
  /** What was listed and not looked at yet, the next name at the end: a full box is not listed again for every batch. */
  unread: string[];
  /** How what may still be written to was seen last. */
  readonly sightings: Map<string, Sighting>;
  /** Names of delivered memos, whose headers need not be read again. */
  readonly delivered: Set<string>;
}

const nothing: Scan = { ready: [], waiting: [], left: [], problems: [] };

type Found = { -readonly [K in keyof Scan]: Scan[K] extends readonly (infer T)[] ? T[] : never };

/**
 * Finds what was dropped into mailboxes and tells what is completely written. It remembers what it saw, so that one
 * scanner, asked again, knows what has been quiet; it changes nothing but for removing temporary files of dead processes.
 */
export class DropScanner {
  readonly #options: Required<ScanOptions>;
  readonly #memories = new Map<string, BoxMemory>();

  constructor(options: ScanOptions) {
    this.#options = { emptyMs: 60_000, ...options };
  }

  /**
   * Looks through a node's `outgoing` and `incoming`.
   *
   * @param now milliseconds since 1970
   * @param limit how many drops and claims it returns at most; there may be more as long as it returns any
   */
  async scan(node: NodeFolder, now: number, limit = 256): Promise<Scan> {
    const outgoing = { node: node.id, folder: outgoingFolder(node.folder), box: "outgoing" } as const;
    const incoming = { node: node.id, folder: incomingFolder(node.folder), box: "incoming" } as const;
    const sent = await this.#scanBox(outgoing, node, now, limit);
    const room = limit - sent.ready.length - sent.left.length;
    const put = room > 0 ? await this.#scanBox(incoming, node, now, room) : nothing;
    return {
      ready: [...sent.ready, ...put.ready],
      waiting: [...sent.waiting, ...put.waiting],
      left: [...sent.left, ...put.left],
      problems: [...sent.problems, ...put.problems],
    };
  }

  /** Says what was just delivered into an inbox, so that the next scan need not read its header to see that. */
  delivered(copies: readonly Copy[]): void {
    for (const { path, fresh } of copies) {
      if (!fresh) continue;
      const memory = this.#memories.get(dirname(path)) ?? newMemory();
      memory.delivered.add(basename(path));
      this.#memories.set(dirname(path), memory);
    }
  }

  async #scanBox(box: Box, node: NodeFolder, now: number, limit: number): Promise<Found> {
    const memory = this.#memories.get(box.folder) ?? newMemory();
    const rest = await this.#lookThrough(memory, box, now, limit);
    if (rest.ready.length + rest.left.length > 0) return rest;
    const problems = list(memory, box, node);
    const found = await this.#lookThrough(memory, box, now, limit);
    const { unread, sightings, delivered } = memory;
    if (unread.length + sightings.size + delivered.size > 0) this.#memories.set(box.folder, memory);
    else this.#memories.delete(box.folder);
    return { ...found, problems: [...problems, ...found.problems] };
  }

  async #lookThrough(memory: BoxMemory, box: Box, now: number, limit: number): Promise<Found> {
    const found: Found = { ready: [], waiting: [], left: [], problems: [] };
    let bytes = 0;
    while (found.ready.length + found.left.length < limit && bytes < mostBytes) {
      const name = memory.unread.pop();
      if (name === undefined) break;
      if (name.startsWith(".")) await lookAtHidden({ ...box, name }, now, found);
      else if (isMemoName(name)) bytes += this.#lookAt({ ...box, name }, memory, now, found);
    }
    return found;
  }

  /** Decides whether a drop is ready. Returns its bytes when it is. */
  #lookAt(drop: Drop, memory: BoxMemory, now: number, found: Found): number {
    const { name } = drop;
    const path = join(drop.folder, name);
    const before = memory.sightings.get(name);
    memory.sightings.delete(name);
    if (drop.box === "incoming" && isDelivered(memory, path, name)) return 0;
    const stats = look(path);
    if (stats === undefined) return 0;
    const stamp = { ino: stats.ino, size: stats.size, mtimeMs: stats.mtimeMs };
    const empty = stats.isFile() && stats.size === 0;
    const { seen, leftMs } = settle(before, stamp, now, empty ? this.#options.emptyMs : this.#options.settleMs);
    const changed = before === undefined || !sameStamp(before.stamp, stamp);
    const readable = stats.isFile() && !empty && stats.size <= this.#options.maxBytes;
    if (leftMs === 0 || (changed && readable && isCompleteFile(path))) {
      found.ready.push({ ...drop, stamp });
      return stats.size;
    }
    memory.sightings.set(name, seen);
    found.waiting.push({ ...drop, leftMs, empty });
    return 0;
  }
}

function newMemory(): BoxMemory {
  return { unread: [], sightings: new Map(), delivered: new Set() };
}

/** Lists a box anew and forgets what is not in it any more. */
function list(memory: BoxMemory, box: Box, node: NodeFolder): Found["problems"] {
  memory.unread = [];
  try {
    if (checkFolder(node, box.folder)) memory.unread = readdirSync(box.folder).sort().reverse();
  } catch (error) {
    if (errnoOf(error) !== "ENOENT") return [fileError(error, `reading ${box.folder}`)];
  }
  const there = new Set(memory.unread);
  for (const name of memory.sightings.keys()) if (!there.has(name)) memory.sightings.delete(name);
  for (const name of memory.delivered) if (!there.has(name)) memory.delivered.delete(name);
  return [];
}

/** Whether a file of an inbox is a memo that was delivered there; the name alone proves nothing. */
function isDelivered(memory: BoxMemory, path: string, name: string): boolean {
  if (memory.delivered.has(name)) return true;
  if (!isDeliveredFile(path, name)) return false;
  memory.delivered.add(name);
  return true;
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
