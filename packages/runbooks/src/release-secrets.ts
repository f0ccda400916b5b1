import { lineAt } from "@memomesh/core";
import { type FoundSecret, findSecrets, isBuiltText, secretWayOut } from "@memomesh/guard";
import { readContent } from "./source-file.ts";
import type { TreeEntry, TreeFile } from "./tree.ts";

/** A release in which secrets are looked for. */
export interface Searched {
  /** Absolute path of its folder. */
  readonly source: string;
  readonly entries: readonly TreeEntry[];
  /** Fingerprints of what a person has taken for no secret. */
  readonly allowed: readonly string[];
  readonly signal: AbortSignal;
}

/** What looks like a secret in a release. */
export interface ReleaseSecret {
  /** Relative to the release. */
  readonly path: string;
  /** Counts from 1. */
  readonly line: number;
  /** `github-token`. */
  readonly kind: string;
}

/** So much is looked at together, in characters, however large a file is. */
const stretch = 4 * 1024 * 1024;
/** How far one looks behind its end and before its beginning: further than the longest secret reaches. */
const margin = 32 * 1024;
/** More places say nothing more. */
const mostNamed = 5;

/**
 * Looks for secrets in all that is to be sent. A file with a zero byte in its beginning is no text and is left out.
 *
 * @throws Undigestible when a file is another one than was digested
 */
export async function releaseSecrets({
  source,
  entries,
  allowed,
  signal,
}: Searched): Promise<readonly ReleaseSecret[]> {
  const known = new Set(allowed);
  const secrets: ReleaseSecret[] = [];
  for (const entry of entries) {
    if (entry.kind === "folder") continue;
    for await (const { text, line, begin, end } of stretches(source, entry)) {
      signal.throwIfAborted();
      const found = (await findSecrets(text, known)).filter(({ start }) => start >= begin && start < end);
      secrets.push(...found.filter((each) => !isBuiltText(entry.path, text, each)).map(placed(entry.path, text, line)));
    }
  }
  return secrets;
}

/**
 * Why a release is not sent, without a full stop.
 *
 * @param folder as the step names it
 */
export function secretsText(folder: string, secrets: readonly ReleaseSecret[]): string {
  const places = secrets.slice(0, mostNamed).map(({ path, line, kind }) => `${folder}/${path}:${line} (${kind})`);
  const more = secrets.length > mostNamed ? ` and ${secrets.length - mostNamed} more` : "";
  return `what looks like a secret stands in ${places.join(", ")}${more}; nothing was sent. ${secretWayOut}`;
}

function placed(path: string, text: string, line: number): (found: FoundSecret) => ReleaseSecret {
  return ({ rule, start }) => ({ path, line: line + lineAt(text, start) - 1, kind: rule });
}

interface Stretch {
  readonly text: string;
  /** In which the text begins. */
  readonly line: number;
  /** What begins before it was found already, and what begins behind the end is found in the next stretch. */
  readonly begin: number;
  readonly end: number;
}

async function* stretches(source: string, file: TreeFile): AsyncGenerator<Stretch> {
  const decoder = new TextDecoder();
  let text = "";
  let line = 1;
  let begin = 0;
  let isFirst = true;
  for await (const chunk of readContent(source, file, () => {})) {
    if (isFirst && chunk.includes(0)) return;
    isFirst = false;
    text += decoder.decode(chunk, { stream: true });
    if (text.length < stretch) continue;
    const end = text.length - margin;
    yield { text, line, begin, end };
    begin = margin;
    line += lineAt(text, end - begin) - 1;
    text = text.slice(end - begin);
  }
  yield { text: text + decoder.decode(), line, begin, end: Number.POSITIVE_INFINITY };
}
