import { randomUUID } from "node:crypto";
import { constants, type Stats } from "node:fs";
import { open } from "node:fs/promises";
import { join } from "node:path";
import * as z from "zod";
import { refusal } from "../session/tool.ts";
import { memoTools } from "./memo-tools.ts";

/** A call of a memo tool. */
export interface MemoCall {
  readonly name: string;
  readonly input: unknown;
}

/** A line of the book. `number` counts from 0, and the first line with a number has it. */
const lineSchema = z.object({
  number: z.int(),
  id: z.string(),
  name: z.enum(memoTools.map(({ name }) => name)),
  input: z.unknown(),
});
type Line = z.infer<typeof lineSchema>;

/** In bytes: a call, all of them, and what is read: servers that write at the same time may come to a little more. */
const longestCall = 1024 * 1024;
const longestBook = 12 * 1024 * 1024;
const mostRead = 16 * 1024 * 1024;

/**
 * The calls that were accepted in a session, in order. The file lies where the program can write; so nothing in it counts
 * for more than a call would.
 */
export async function readCalls(folder: string): Promise<readonly MemoCall[]> {
  return linesOf(await readBook(folder));
}

/**
 * Writes down an accepted call, durably. Several servers may do so at the same time, and any of them may be killed: a
 * number that another one has taken is not taken again, and half a line is no line.
 *
 * @param number how many calls were accepted before
 * @returns false when it does not count, because there are other calls by now than it was tried with
 * @throws MeshError `session.input` when there is no room for it
 */
export async function noteCall(folder: string, number: number, { name, input }: MemoCall): Promise<boolean> {
  const id = randomUUID();
  const line = Buffer.from(`\n${JSON.stringify({ number, id, name, input })}\n`);
  if (line.length > longestCall) throw refusal("input", `A call has at most ${longestCall} bytes. Nothing was done.`);
  const { O_WRONLY, O_APPEND, O_CREAT, O_NOFOLLOW, O_NONBLOCK } = constants;
  const file = await open(bookOf(folder), O_WRONLY | O_APPEND | O_CREAT | O_NOFOLLOW | O_NONBLOCK, 0o600);
  try {
    const found = await file.stat();
    if (!isPlain(found) || found.size + line.length > longestBook) {
      throw refusal("input", `All calls together have at most ${longestBook} bytes. Nothing was done.`);
    }
    await file.write(line);
    await file.sync();
  } finally {
    await file.close();
  }
  return linesOf(await readBook(folder))[number]?.id === id;
}

function linesOf(book: string): readonly Line[] {
  const lines: Line[] = [];
  for (const text of book.split("\n")) {
    const line = readLine(text);
    if (line?.number === lines.length) lines.push(line);
  }
  return lines;
}

/** Undefined for a line that was cut by a crash: its call was never accepted. */
function readLine(text: string): Line | undefined {
  try {
    return lineSchema.parse(JSON.parse(text));
  } catch {
    return undefined;
  }
}

async function readBook(folder: string): Promise<string> {
  const { O_RDONLY, O_NOFOLLOW, O_NONBLOCK } = constants;
  const file = await open(bookOf(folder), O_RDONLY | O_NOFOLLOW | O_NONBLOCK).catch(() => undefined);
  if (file === undefined) return "";
  try {
    const found = await file.stat();
    return isPlain(found) && found.size <= mostRead ? await file.readFile("utf8") : "";
  } finally {
    await file.close();
  }
}

/** Whether it is no link in disguise to somebody else's file. */
function isPlain(found: Stats): boolean {
  return found.isFile() && found.nlink === 1;
}

function bookOf(folder: string): string {
  return join(folder, "calls.jsonl");
}
