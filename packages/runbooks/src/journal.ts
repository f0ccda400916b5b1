import { constants } from "node:fs";
import { open } from "node:fs/promises";
import { MeshError } from "@memomesh/core";
import { appendDurably } from "./durable.ts";
import { type Happening, type JournalEvent, readEvent } from "./event.ts";

/** What ran, and what people decided, in the order in which it happened. */
export interface Journal {
  readonly file: string;
  readonly events: readonly JournalEvent[];
  /** Sentences about lines that could not be read because a process or the machine died while it wrote them. */
  readonly torn: readonly string[];
}

/**
 * Adds one event to a journal. It is on the disk when this returns, so that nothing is started before the journal says
 * that it was.
 *
 * @param at ISO 8601
 */
export async function appendEvent(file: string, at: string, happening: Happening): Promise<void> {
  const line = `${journalLine(at, happening)}\n`;
  // A torn last line stays as it is; the new event begins on a line of its own.
  await appendDurably(file, (endsInNewline) => (endsInNewline ? line : `\n${line}`));
}

/** An event as its line, without the line break. */
export function journalLine(at: string, happening: Happening): string {
  return JSON.stringify({ at, ...happening });
}

/**
 * Reads a journal; one that does not exist is empty.
 *
 * A torn line loses nothing that counts: an event is only acted on when its line is complete on the disk. A `started`
 * that was torn never ran, a `finished` that was torn leaves its step uncertain.
 *
 * @throws MeshError `journal.event` for a complete line that is no event
 */
export async function readJournal(file: string): Promise<Journal> {
  const events: JournalEvent[] = [];
  const torn: string[] = [];
  const lines = (await readPlainFile(file)).split("\n");
  for (const [index, text] of lines.entries()) {
    if (text.trim() === "") continue;
    const value = parseLine(text);
    if (value === undefined)
      torn.push(`${file}:${index + 1}: the line was cut off while it was written; it is left out.`);
    else events.push(readEvent(value, { file, line: index + 1 }));
  }
  return { file, events, torn };
}

async function readPlainFile(file: string): Promise<string> {
  try {
    const handle = await open(file, constants.O_RDONLY | constants.O_NOFOLLOW);
    try {
      return await handle.readFile("utf8");
    } finally {
      await handle.close();
    }
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ENOENT") return "";
    if (code !== "ELOOP") throw error;
    throw new MeshError("journal.link", "the journal is a symbolic link; expected a plain file. Remove the link.", {
      place: { file },
      cause: error,
    });
  }
}

function parseLine(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
