import { copyFile, lstat, mkdir, mkdtemp, rm } from "node:fs/promises";
import { dirname, join, posix } from "node:path";
import { MeshError, sha256 } from "@memomesh/core";
import * as z from "zod";
import { answersTo, senderOf } from "../correspondence.ts";
import { type Checkout, layCheckout } from "./checkout.ts";
import type { Report, Task } from "./program.ts";
import type { ProgramWork } from "./program-session.ts";
import { readSession } from "./session-folder.ts";
import { walkUntrusted } from "./walk.ts";

// A program that stopped because a use of a tool waits for a person goes on in the same session of its own, in the same
// checkout, when the operator has answered. Until then nothing of its work is applied.

const word = z.string().regex(/^[\w-]{1,100}$/);

/** What is kept beside the session's folder. */
const noteSchema = z.object({
  agent: z.string(),
  /** The program's name for its session, and for the use that waits. */
  session: word,
  use: word,
  tool: z.string(),
  /** US dollars so far, as the program reckons them. */
  cost: z.number().optional(),
});

/** A session that goes on. */
export interface TakenUp {
  readonly folder: string;
  readonly checkout: Checkout;
  readonly prompt: string;
  readonly resume: NonNullable<Task["resume"]>;
}

/**
 * Keeps the session's folder until the operator has answered.
 *
 * @returns false when the program has not said by which name the session goes on
 */
export async function keepSession({ name, context }: ProgramWork, { deferred, used }: Report): Promise<boolean> {
  const { session, use, tool } = deferred ?? {};
  const note = noteSchema.safeParse({ agent: name, session, use, tool, cost: used?.cost });
  if (note.success) await context.workshop.keep(note.data);
  return note.success;
}

/**
 * The session that waited for the operator's answer to this memo's question.
 *
 * @returns why it cannot go on, as a sentence; undefined when none waits, or nobody has answered
 */
export async function takeUpSession(work: ProgramWork): Promise<TakenUp | string | undefined> {
  const { name, context } = work;
  const kept = await context.workshop.kept();
  const note = noteSchema.safeParse(kept?.note).data;
  // The sender of the memo is asked other things; over a tool decides a person.
  const answer = answersTo(context).find(
    (memo) => memo.header.re === context.memo.header.question && senderOf(memo) === "operator",
  );
  if (kept === undefined || note === undefined || answer === undefined) return undefined;
  if (note.agent !== name) return lost(`it was one of the agent "${note.agent}"`);
  if (kept.folder === undefined) return lost("its checkout is gone");
  const checkout = await freshened(work, kept.folder);
  if (typeof checkout === "string") return lost(checkout);
  const text = answer.body.replace(/^\s*#.*\n/, "").trim();
  const allowed = /^\W*(?:yes|ok|okay|allow|allowed|approve|approved)\b/i.test(text);
  return {
    folder: kept.folder,
    checkout,
    prompt: `The operator was asked whether ${note.tool} may be used as you wanted, and has answered:\n\n${text}`,
    resume: { session: note.session, cost: note.cost ?? 0, ...(allowed ? {} : { refuse: note.use }) },
  };
}

function lost(why: string): string {
  return `The session that waited for the operator's answer cannot go on, because ${why}; a new session has begun.`;
}

/**
 * The kept checkout with what has changed in the mesh since; what the program has changed stays.
 *
 * @returns why that is impossible
 */
async function freshened({ context }: ProgramWork, folder: string): Promise<Checkout | string> {
  let old: Checkout;
  let there: Map<string, string>;
  try {
    old = (await readSession(join(folder, "session"))).checkout;
    there = digestsBelow(old.root);
  } catch (error) {
    if (error instanceof MeshError) return "its folder cannot be read";
    throw error;
  }
  const beside = await mkdtemp(join(folder, "fresh-"));
  try {
    const fresh = await layCheckout(context, beside);
    for (const path of new Set([...old.laid.keys(), ...fresh.laid.keys()])) {
      const [was, now, found] = [old.laid.get(path)?.digest, fresh.laid.get(path)?.digest, there.get(path)];
      if (found === now || now === was) continue;
      if (found !== was || !(await isPlainBelow(old.root, path))) {
        return `${path} was changed by it and by somebody else meanwhile`;
      }
      await rm(join(old.root, path), { force: true });
      if (now === undefined) continue;
      await mkdir(dirname(join(old.root, path)), { recursive: true });
      await copyFile(join(beside, path), join(old.root, path));
    }
    return { ...fresh, root: old.root };
  } finally {
    await rm(beside, { recursive: true, force: true });
  }
}

function digestsBelow(root: string): Map<string, string> {
  const found = [...walkUntrusted(root)];
  // What is no plain file has a digest that no file has, so that nothing takes its place.
  return new Map(found.map((each) => [each.path, each.kind === "file" ? sha256(each.bytes) : each.why]));
}

/** Whether no link stands above a path: the program may have laid one. Nothing of it runs any more. */
async function isPlainBelow(root: string, path: string): Promise<boolean> {
  for (let above = posix.dirname(path); above !== "."; above = posix.dirname(above)) {
    const found = await lstat(join(root, above)).catch(() => undefined);
    if (found !== undefined && !found.isDirectory()) return false;
  }
  return true;
}
