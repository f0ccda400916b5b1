import { closeSync, constants, openSync, readSync } from "node:fs";
import { bodyDigest, type Frontmatter, isId, splitFrontmatter } from "@memomesh/core";

/** More than the longest header that `splitFrontmatter` reads. */
const headBytes = 20 * 1024;
/** One for all: a head is text before the next one is read, and thousands of them a second would be memory to collect. */
const head = Buffer.allocUnsafe(headBytes);

/** What says which memo a file holds. */
export interface Mark {
  readonly id: string;
  /** Digest of the body as it was sent, when the header has it. */
  readonly digest: string | undefined;
  /** Whether it has been delivered; otherwise it is a drop. */
  readonly delivered: boolean;
}

/** The beginning of a file, which holds its whole header. Links are not followed, and nothing that could block is waited for. */
export function readHead(path: string): string {
  const file = openSync(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  try {
    return head.toString("utf8", 0, readSync(file, head, 0, headBytes, 0));
  } finally {
    closeSync(file);
  }
}

/** The mark of a memo; undefined when the text has no header that can be read, or no id in it. */
export function readMark(source: string, file: string): Mark | undefined {
  const front = readHeader(source, file);
  return front === undefined ? undefined : markOf(front);
}

/** Whether the header vouches that the file is complete: it has an id, and the digest of exactly this body. */
export function isVouchedFor(source: string, file: string): boolean {
  const front = readHeader(source, file);
  const mark = front === undefined ? undefined : markOf(front);
  return mark?.digest !== undefined && mark.digest === bodyDigest(front?.body ?? "");
}

/** The digest of the body that a text has now. */
export function digestOf(source: string, file: string): string {
  return bodyDigest(splitFrontmatter(source, file).body);
}

function markOf({ data: { id, digest, delivered } }: Frontmatter): Mark | undefined {
  if (typeof id !== "string" || !isId(id)) return undefined;
  return {
    id,
    digest: typeof digest === "string" ? digest : undefined,
    delivered: typeof delivered === "string" && delivered !== "",
  };
}

function readHeader(source: string, file: string): Frontmatter | undefined {
  try {
    return splitFrontmatter(source, file);
  } catch {
    // A header that cannot be read is the router's to complain about; here it only means that it vouches for nothing.
    return undefined;
  }
}
