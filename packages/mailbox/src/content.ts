import { isUtf8 } from "node:buffer";
import { closeSync, constants, fstatSync, openSync, readSync, type Stats } from "node:fs";
import { MeshError } from "@memomesh/core";
import { errnoOf } from "./fault.ts";
import { look } from "./files.ts";
import type { Stamp } from "./settle.ts";

/** What lies behind a name in a mailbox, and how it looked when it was read. */
export interface Content {
  /** `memo.file.*` when this is no memo file. */
  readonly bytes: Buffer | MeshError;
  readonly stamp: Stamp;
}

/**
 * Reads a file that belongs to this process. Links are not followed, pipes not waited for.
 *
 * @param name the name under which it was dropped
 * @param maxBytes a larger file is not read
 */
export function readContent(path: string, name: string, maxBytes: number): Content {
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
