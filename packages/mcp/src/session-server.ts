import { constants } from "node:fs";
import { open, readFile } from "node:fs/promises";
import { join } from "node:path";
import { type SessionTool, sessionTools } from "@memomesh/agents";
import { Exit, MeshError } from "@memomesh/core";
import { maySend } from "@memomesh/guard";
import { Server } from "@modelcontextprotocol/sdk/server/index.js";
import { CallToolRequestSchema, type CallToolResult, ListToolsRequestSchema } from "@modelcontextprotocol/sdk/types.js";
import * as z from "zod";
import { refusalText, refuseSecrets } from "./tool.ts";

/** What the adapter of a vendor's program leaves for the server of its session. */
const description = z.object({
  node: z.string(),
  memo: z.string().optional(),
  /** To whom the node may write; "*": to all. */
  send: z.array(z.string()),
  /** The nodes that it knows of. */
  nodes: z.array(z.string()).default([]),
  tools: z.array(z.string()),
});

/** After one of these nothing more is accepted. */
const ends = new Set(["ask", "decline", "finish"]);

/** In bytes: a call, and all of them. */
const longestCall = 1024 * 1024;
const longestBook = 12 * 1024 * 1024;

interface Session extends z.output<typeof description> {
  readonly offered: readonly SessionTool[];
  /** Where accepted calls are written down. */
  readonly book: string;
}

/**
 * The tools of one session, for a program that works on a memo in a checkout of its own. Nothing is done here: each call
 * that fits its schema is written down in `calls.jsonl`, and whoever started the program applies the calls when it has
 * ended. No mesh is read.
 *
 * @param folder holds `session.json`
 * @throws MeshError `mcp.session` when that cannot be used
 */
export async function sessionServer(folder: string, version: string): Promise<Server> {
  const described = await readDescription(join(folder, "session.json"));
  const { node, memo, send, tools } = described;
  const session = {
    ...described,
    offered: sessionTools.filter(({ name }) => tools.includes(name)),
    book: join(folder, "calls.jsonl"),
  };
  const task = memo === undefined ? "a memo" : `memo ${memo}`;
  const instructions = `You work at the node ${node} on ${task}. It may write to ${["operator", ...send].join(", ")}. What you do here is applied when the session has ended; end it with finish.`;
  const server = new Server({ name: "memomesh", version }, { capabilities: { tools: {} }, instructions });
  server.setRequestHandler(ListToolsRequestSchema, () => ({ tools: session.offered.map(listed) }));
  // One after the other: what ends the session is known before the next call is looked at.
  let last: Promise<unknown> = Promise.resolve();
  server.setRequestHandler(CallToolRequestSchema, ({ params }) => {
    const turn = last.then(() => accept(session, params.name, params.arguments ?? {}));
    last = turn;
    return turn;
  });
  return server;
}

function listed({ name, description: says, input }: SessionTool) {
  return { name, description: says, inputSchema: { ...input, type: "object" as const } };
}

async function accept(session: Session, name: string, given: unknown): Promise<CallToolResult> {
  try {
    const call = checkedCall(session, name, given);
    const before = await readBook(session.book);
    if (before.split("\n").some(endsSession)) throw refusal("the session has ended already");
    if (Buffer.byteLength(before) + Buffer.byteLength(call) > longestBook) {
      throw refusal(`all calls together have at most ${longestBook} bytes`);
    }
    await append(session.book, call);
    const said = ends.has(name)
      ? "Noted. The session has ended; stop here."
      : "Noted; it is done when the session has ended.";
    return { content: [{ type: "text", text: said }] };
  } catch (error) {
    return { content: [{ type: "text", text: refusalText(error) }], isError: true };
  }
}

/** A call as it is written down. What can be known to be refused later is refused now, when it can be mended. */
function checkedCall({ offered, node, send, nodes }: Session, name: string, given: unknown): string {
  const tool = offered.find((each) => each.name === name);
  if (tool === undefined) {
    const names = offered.map((each) => each.name).join(", ");
    throw refusal(`there is no tool "${name.slice(0, 60)}"; expected one of ${names}`);
  }
  const checked = tool.schema.safeParse(given);
  if (!checked.success) throw refusal(issuesText(checked.error));
  refuseSecrets(given);
  for (const to of recipientsOf(checked.data)) {
    const decision = maySend({ id: node, grants: { send, read: [] } }, to);
    if (!decision.allowed) throw refusal(decision.reason);
    if (to !== "operator" && !nodes.includes(to)) throw refusal(`there is no node "${to}"`);
  }
  const call = `${JSON.stringify({ name, input: given })}\n`;
  if (Buffer.byteLength(call) > longestCall) throw refusal(`a call has at most ${longestCall} bytes`);
  return call;
}

function recipientsOf(input: unknown): readonly string[] {
  const { to } = z.looseObject({ to: z.union([z.string(), z.array(z.string())]).default([]) }).parse(input);
  return [to].flat().map((id) => id.trim().toLowerCase());
}

function refusal(reason: string): MeshError {
  return new MeshError("mcp.session.refused", `${reason}; nothing was done`, { exit: Exit.notPermitted });
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
async function readBook(book: string): Promise<string> {
  return readFile(book, "utf8").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return "";
    throw error;
  });
}

function endsSession(line: string): boolean {
  const name = /^\{"name":"([a-z_]+)"/.exec(line)?.[1];
  return name !== undefined && ends.has(name);
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
