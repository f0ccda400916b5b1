import { constants } from "node:fs";
import { open, readFile } from "node:fs/promises";
import { join } from "node:path";
import { type SessionTool, sessionTools } from "@memomesh/agents";
import { MeshError } from "@memomesh/core";
import { Server } from "@modelcontextprotocol/sdk/server/index.js";
import { CallToolRequestSchema, type CallToolResult, ListToolsRequestSchema } from "@modelcontextprotocol/sdk/types.js";
import * as z from "zod";
import { refusalText, refuseSecrets } from "./tool.ts";

/** What the adapter of a vendor's program leaves for the server of its session. */
const description = z.object({
  node: z.string(),
  memo: z.string(),
  send: z.array(z.string()),
  tools: z.array(z.string()),
});

/** After one of these nothing more is accepted. */
const ends = new Set(["ask", "decline", "finish"]);

/** In bytes. */
const longestCall = 1024 * 1024;

/**
 * The tools of one session, for a program that works on a memo in a checkout of its own. Nothing is done here: each call
 * that fits its schema is written down in `calls.jsonl`, and whoever started the program applies the calls when it has
 * ended. No mesh is read.
 *
 * @param folder holds `session.json`
 * @throws MeshError `mcp.session` when that cannot be used
 */
export async function sessionServer(folder: string, version: string): Promise<Server> {
  const { node, memo, send, tools } = await readDescription(join(folder, "session.json"));
  const offered = sessionTools.filter(({ name }) => tools.includes(name));
  const book = join(folder, "calls.jsonl");
  const instructions = `You work at the node ${node} on memo ${memo}. It may write to ${["operator", ...send].join(", ")}. End with ${offered.some(({ name }) => name === "finish") ? "finish" : "your last call"}; what you do here is applied when the session has ended.`;
  const server = new Server({ name: "memomesh", version }, { capabilities: { tools: {} }, instructions });
  server.setRequestHandler(ListToolsRequestSchema, () => ({ tools: offered.map(listed) }));
  // One after the other: what ends the session is known before the next call is looked at.
  let last: Promise<unknown> = Promise.resolve();
  server.setRequestHandler(CallToolRequestSchema, ({ params }) => {
    const turn = last.then(() => accept(offered, book, params.name, params.arguments ?? {}));
    last = turn;
    return turn;
  });
  return server;
}

function listed({ name, description: says, input }: SessionTool) {
  return { name, description: says, inputSchema: { ...input, type: "object" as const } };
}

async function accept(
  offered: readonly SessionTool[],
  book: string,
  name: string,
  given: unknown,
): Promise<CallToolResult> {
  try {
    const tool = offered.find((each) => each.name === name);
    if (tool === undefined)
      return refused(
        `there is no tool "${name.slice(0, 60)}"; expected one of ${offered.map((each) => each.name).join(", ")}`,
      );
    const checked = tool.schema.safeParse(given);
    if (!checked.success) return refused(`${name} was not done: ${issuesText(checked.error)}`);
    refuseSecrets(given);
    const call = `${JSON.stringify({ name, input: given })}\n`;
    if (Buffer.byteLength(call) > longestCall)
      return refused(`${name} was not done: a call has at most ${longestCall} bytes`);
    if (await hasEnded(book)) return refused("the session has ended already; nothing was done");
    await append(book, call);
    const said = ends.has(name)
      ? "Noted. The session has ended; stop here."
      : "Noted; it is done when the session has ended.";
    return { content: [{ type: "text", text: said }] };
  } catch (error) {
    return refused(refusalText(error));
  }
}

async function readDescription(file: string): Promise<z.output<typeof description>> {
  const source = await readFile(file, "utf8").catch((error: NodeJS.ErrnoException) => {
    throw unusable(file, error.message);
  });
  try {
    return description.parse(JSON.parse(source));
  } catch (error) {
    throw unusable(file, error instanceof z.ZodError ? issuesText(error) : (error as Error).message);
  }
}

function issuesText({ issues }: z.ZodError): string {
  return issues.map(({ path, message }) => `${path.map(String).join(".")}: ${message}`).join("; ");
}

function unusable(file: string, why: string): MeshError {
  return new MeshError("mcp.session", `${file} does not describe a session: ${why}`);
}

/** Read anew each time: a program may start its servers more than once. */
async function hasEnded(book: string): Promise<boolean> {
  const source = await readFile(book, "utf8").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return "";
    throw error;
  });
  return source.split("\n").some((line) => {
    const name = /^\{"name":"([a-z_]+)"/.exec(line)?.[1];
    return name !== undefined && ends.has(name);
  });
}

/** Durable before the program hears that it was accepted. */
async function append(book: string, line: string): Promise<void> {
  const { O_WRONLY, O_APPEND, O_CREAT, O_NOFOLLOW } = constants;
  const file = await open(book, O_WRONLY | O_APPEND | O_CREAT | O_NOFOLLOW, 0o600);
  try {
    await file.writeFile(line);
    await file.sync();
  } finally {
    await file.close();
  }
}

function refused(text: string): CallToolResult {
  return { content: [{ type: "text", text }], isError: true };
}
