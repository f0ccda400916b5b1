import { sha256 } from "./digest.ts";

/** What an entry of the audit trail tells, by its type. */
export interface TrailFacts {
  readonly type: string;
  readonly [fact: string]: unknown;
}

/** One line of a node's audit trail. */
export interface TrailEntry extends TrailFacts {
  /** Counts from 1 without a gap. */
  readonly n: number;
  /** ISO 8601: when it was written. */
  readonly at: string;
  /** SHA-256 of the line before it, without its line break; that of the first is made of the node's name. */
  readonly prev: string;
}

/** How far a trail reaches: its last entry, and the SHA-256 of that line. */
export interface TrailHead {
  readonly n: number;
  readonly hash: string;
}

/** An entry, and where it stands. */
export interface TrailLine {
  /** Counts from 1. */
  readonly line: number;
  readonly hash: string;
  readonly entry: TrailEntry;
}

/** A node's audit trail as it lies on the disk. */
export interface Trail {
  readonly lines: readonly TrailLine[];
  readonly head: TrailHead;
  /** Where the chain is broken, in sentences behind the line's number. */
  readonly problems: readonly { readonly line: number; readonly sentence: string }[];
  /** Digests of what a writer that died has left at the end. The next writer mends it with a note. */
  readonly torn: readonly string[];
  /** The last line has no line break. */
  readonly open: boolean;
}

/** What the chain of a node begins with, so that no entry can be moved to the trail of another one. */
function beginning(node: string): TrailHead {
  return { n: 0, hash: sha256(`memomesh audit 1 ${node}`) };
}

/**
 * Reads a trail and follows its chain. Every entry holds the digest of the one before it: a line that was changed, taken
 * out, put in or moved breaks the chain at that place. What was cut off at the end is found by comparing with a head that
 * was kept elsewhere.
 *
 * A line that a dying writer left half written is told apart by the entry behind it, which names the digest of what was
 * left; at the very end it is `torn`.
 */
export function readTrail(text: string, node: string): Trail {
  const pieces = text.split("\n");
  const open = pieces.at(-1) !== "";
  if (!open) pieces.pop();
  const lines: TrailLine[] = [];
  const problems: { line: number; sentence: string }[] = [];
  let head = beginning(node);
  let torn: string[] = [];
  for (const [index, piece] of pieces.entries()) {
    const line = index + 1;
    const entry = readEntry(piece);
    if (entry === undefined) {
      torn.push(sha256(piece));
      continue;
    }
    if (!mends(entry, torn)) problems.push({ line: line - torn.length, sentence: unreadable(torn.length) });
    torn = [];
    if (entry.n !== head.n + 1 || entry.prev !== head.hash) problems.push({ line, sentence: broken(entry, head) });
    head = { n: entry.n, hash: sha256(piece) };
    lines.push({ line, hash: head.hash, entry });
  }
  return { lines, head, problems, torn, open };
}

/** The text to put behind a trail, so that these facts follow in its chain. */
export function trailAddition({ head, torn, open }: Trail, at: string, facts: readonly TrailFacts[]): string {
  const all: readonly TrailFacts[] = torn.length === 0 ? facts : [{ type: "mended", torn }, ...facts];
  let { n, hash } = head;
  const lines = all.map((each) => {
    n += 1;
    const line = JSON.stringify({ n, at, prev: hash, ...each });
    hash = sha256(line);
    return `${line}\n`;
  });
  return `${open ? "\n" : ""}${lines.join("")}`;
}

function readEntry(line: string): TrailEntry | undefined {
  try {
    const entry = JSON.parse(line) as Partial<TrailEntry> | null;
    const { n, at, prev, type } = entry ?? {};
    const isEntry = Number.isInteger(n) && [at, prev, type].every((each) => typeof each === "string");
    return isEntry ? (entry as TrailEntry) : undefined;
  } catch {
    return undefined;
  }
}

function mends({ type, torn }: TrailEntry, left: readonly string[]): boolean {
  if (left.length === 0) return true;
  return type === "mended" && Array.isArray(torn) && torn.join() === left.join();
}

function unreadable(count: number): string {
  const what = count === 1 ? "this line is" : `these ${count} lines are`;
  return `${what} no entry, and no writer that mended it says so: it was changed, or put in.`;
}

function broken({ n }: TrailEntry, { n: last }: TrailHead): string {
  const follows = last === 0 ? "is not the beginning of this node's trail" : `does not follow entry ${last}`;
  return `entry ${n} ${follows}: a line was changed, taken out, put in or moved before it.`;
}
