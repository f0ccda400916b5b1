import { closeSync, constants, fstatSync, openSync, readSync } from "node:fs";
import { readTrail, type Trail, type TrailEntry, type TrailHead, trailPath } from "@memomesh/core";

/** As far back as a writer looks, in bytes: some hundred entries. Who verifies reads all. */
const tail = 256 * 1024;

/** The end of a trail: all that is needed to add to it. */
export interface TrailEnd extends Trail {
  /** The last entry of a type, however long ago it was written. */
  last(type: string): TrailEntry | undefined;
}

/** Reads the end of a trail. A chain that is broken somewhere before it is not noticed here. */
export function readTrailEnd(file: number, node: string): TrailEnd {
  const { size } = fstatSync(file);
  const all = () => textFrom(file, 0, size);
  const text = size <= tail ? all() : textFrom(file, size - tail, size);
  const end = readTrail(size <= tail ? text : text.slice(text.indexOf("\n") + 1), node);
  // Nothing but half lines, which are longer than the tail: no writer of ours leaves that.
  const trail = end.lines.length > 0 || size <= tail ? end : readTrail(all(), node);
  const last = (type: string) => {
    const near = trail.lines.findLast(({ entry }) => entry.type === type)?.entry;
    return near ?? (size <= tail ? undefined : lastIn(all(), type));
  };
  return { ...trail, last };
}

/** How far the trail of a node reaches; undefined when there is none. */
export function trailHead(root: string, node: string): TrailHead | undefined {
  try {
    const file = openSync(trailPath(root, node), constants.O_RDONLY | constants.O_NOFOLLOW);
    try {
      return readTrailEnd(file, node).head;
    } finally {
      closeSync(file);
    }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}

function textFrom(file: number, from: number, to: number): string {
  const bytes = Buffer.alloc(to - from);
  let read = 0;
  while (read < bytes.length) {
    const count = readSync(file, bytes, read, bytes.length - read, from + read);
    if (count === 0) break;
    read += count;
  }
  return bytes.toString("utf8", 0, read);
}

function lastIn(text: string, type: string): TrailEntry | undefined {
  const mark = `,"type":${JSON.stringify(type)}`;
  for (let at = text.lastIndexOf(mark); at !== -1; at = text.lastIndexOf(mark, at - 1)) {
    const [begin, end] = [text.lastIndexOf("\n", at) + 1, text.indexOf("\n", at)];
    const entry = JSON.parse(text.slice(begin, end === -1 ? undefined : end)) as TrailEntry;
    if (entry.type === type) return entry;
  }
  return undefined;
}
