import { constants } from "node:fs";
import { mkdir, open, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { MeshError } from "@memomesh/core";
import * as z from "zod";
import type { SessionContext } from "../agent.ts";
import type { Desk } from "../session/desk.ts";
import { fileTools } from "../session/file-tools.ts";
import { sessionTools, useTool } from "../session/tools.ts";

// A session's memo tools reach a program as an MCP server, `memomesh mcp --session <folder>`. The two meet in that folder:
// session.json tells the server what to offer, and in calls.jsonl it writes down what was called, one line each.

/** The tools that a program does not bring itself. */
export const memoTools = sessionTools.filter((tool) => !fileTools.includes(tool)).map(({ name }) => name);

/** Writes what the server has to know. */
export async function openMemoCalls(folder: string, { node, memo, nodes }: SessionContext): Promise<void> {
  const session = {
    node: node.id,
    memo: memo.header.id,
    send: node.send,
    nodes: nodes.map(({ id }) => id),
    tools: memoTools,
  };
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, "session.json"), `${JSON.stringify(session, undefined, 2)}\n`);
}

const callSchema = z.object({ name: z.enum(memoTools), input: z.unknown() });
const mostBytes = 16 * 1024 * 1024;

/**
 * Does on the desk what the program has asked for, in that order. The file lies where the program can write; so nothing in
 * it counts for more than a call of the tool would.
 *
 * @returns how many calls there were
 * @throws MeshError `agent.program.refused` when a call is refused that the program was told had worked
 */
export async function replayMemoCalls(folder: string, desk: Desk): Promise<number> {
  const lines = (await readCalls(join(folder, "calls.jsonl"))).split("\n");
  const calls = lines.map(readCall).filter((call) => call !== undefined);
  for (const call of calls) {
    const { text, failed } = await useTool(desk, call.name, call.input);
    if (failed) {
      const sentence = `the program was told that ${call.name} had worked, but it is refused: ${text} Nothing was applied, and the memo waits.`;
      throw new MeshError("agent.program.refused", sentence);
    }
    if (desk.outcome !== undefined) break;
  }
  return calls.length;
}

async function readCalls(path: string): Promise<string> {
  const { O_RDONLY, O_NOFOLLOW, O_NONBLOCK } = constants;
  const file = await open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK).catch(() => undefined);
  if (file === undefined) return "";
  try {
    const found = await file.stat();
    return found.isFile() && found.nlink === 1 && found.size <= mostBytes ? await file.readFile("utf8") : "";
  } finally {
    await file.close();
  }
}

/** Undefined for a line that was cut by a crash: its call was never accepted. */
function readCall(line: string): z.infer<typeof callSchema> | undefined {
  try {
    return callSchema.parse(JSON.parse(line));
  } catch {
    return undefined;
  }
}
