import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type Memo, MeshError, parseMemo } from "@memomesh/core";
import { readBody } from "@memomesh/core/markdown";
import * as z from "zod";
import type { SessionKnowledge } from "../agent.ts";
import type { Checkout } from "./checkout.ts";
import { checkoutFiles } from "./checkout-files.ts";

// A session's memo tools reach a program as an MCP server, `memomesh mcp --session <folder>`. It and the adapter meet in
// that folder: session.json says what the session knows, and in calls.jsonl the server writes down what was called.

/** What a session knows, and where its program works. */
export interface ProgramDesk {
  readonly knowledge: SessionKnowledge;
  readonly checkout: Checkout;
}

const textFile = z.object({ file: z.string(), source: z.string() });
const node = z.object({ id: z.string(), role: z.string(), path: z.string() });
const laidFile = z.object({ digest: z.string(), executable: z.boolean(), redacted: z.boolean(), added: z.boolean() });

/** Memos are kept as they were written, and read again; files stay in the checkout. */
const description = z.object({
  session: z.string(),
  now: z.string(),
  node: node.extend({ send: z.array(z.string()) }),
  memo: textFile,
  thread: z.array(textFile),
  instructions: z.string(),
  state: z.string(),
  targets: z.record(
    z.string(),
    z.object({ kind: z.string(), production: z.boolean(), path: z.string(), env: z.array(z.string()) }),
  ),
  nodes: z.array(node),
  lessons: z.array(textFile),
  platform: z.string(),
  limits: z.object({ turns: z.number(), tokens: z.number(), seconds: z.number(), cost: z.number().nullable() }),
  refusals: z.array(z.string()),
  checkout: z.object({
    root: z.string(),
    own: z.string(),
    others: z.array(z.string()),
    laid: z.array(z.tuple([z.string(), laidFile])),
    left: z.array(z.tuple([z.string(), z.string()])),
    granted: z.array(z.string()),
  }),
});

/** Writes what the server has to know, for the owner's eyes only. */
export async function writeSession(folder: string, { knowledge, checkout }: ProgramDesk): Promise<void> {
  const { memo, thread, limits, ...rest } = knowledge;
  const { laid, left, granted, ...places } = checkout;
  // Reading leaves out what is not described: a context holds more than knowledge.
  const session: z.input<typeof description> = description.parse({
    ...rest,
    memo: sourceOf(memo),
    thread: thread.map(sourceOf),
    limits: { ...limits, cost: limits.cost ?? null },
    checkout: { ...places, laid: [...laid], left: [...left], granted: [...granted] },
  });
  await mkdir(folder, { recursive: true, mode: 0o700 });
  await writeFile(join(folder, "session.json"), JSON.stringify(session), { mode: 0o600 });
}

function sourceOf({ file, source }: Memo): z.input<typeof textFile> {
  return { file, source };
}

/** @throws MeshError `agent.program.session` when there is none that can be used */
export async function readSession(folder: string): Promise<ProgramDesk> {
  const file = join(folder, "session.json");
  try {
    const { checkout: kept, ...session } = description.parse(JSON.parse(await readFile(file, "utf8")));
    const { laid, left, granted, ...places } = kept;
    const checkout = { ...places, laid: new Map(laid), left: new Map(left), granted: new Set(granted) };
    const { limits } = session;
    const memo = parseMemo(session.memo.source, session.memo.file);
    const knowledge = {
      ...session,
      memo,
      body: readBody(memo),
      thread: session.thread.map((each) => parseMemo(each.source, each.file)),
      limits: { ...limits, cost: limits.cost ?? undefined },
      files: checkoutFiles(checkout, session),
    };
    return { knowledge, checkout };
  } catch (error) {
    const why = error instanceof z.ZodError ? problems(error) : (error as Error).message;
    throw new MeshError("agent.program.session", `${file} does not describe a session: ${why}`, { cause: error });
  }
}

function problems({ issues }: z.ZodError): string {
  return issues.map(({ path, message }) => `${path.map(String).join(".")}: ${message}`).join("; ");
}
