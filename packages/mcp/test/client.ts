import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { getDefaultEnvironment, StdioClientTransport } from "@modelcontextprotocol/sdk/client/stdio.js";
import type { CallToolResult } from "@modelcontextprotocol/sdk/types.js";

export const main = process.env.MEMOMESH_BUILT ?? join(import.meta.dirname, "..", "..", "cli", "src", "main.ts");

/** The real program as a server, and the SDK's client at its other end. */
export async function connect(cwd: string, args: readonly string[] = [], name = "test-client"): Promise<Client> {
  const client = new Client({ name, version: "1" });
  const { GIT_CONFIG_GLOBAL = "", NODE_COMPILE_CACHE = "" } = process.env;
  const env = { ...getDefaultEnvironment(), GIT_CONFIG_GLOBAL, NODE_COMPILE_CACHE };
  const command = process.execPath;
  await client.connect(
    new StdioClientTransport({ command, args: [main, "mcp", ...args], cwd, env, stderr: "inherit" }),
  );
  return client;
}

/** What the real program answers to lines as they are given, until it ends. */
export async function talk(cwd: string, lines: readonly string[]): Promise<{ code: number | null; answers: string[] }> {
  const child = spawn(process.execPath, [main, "mcp"], { cwd, stdio: ["pipe", "pipe", "ignore"] });
  child.stdin.on("error", () => undefined);
  let out = "";
  child.stdout.on("data", (data) => (out += data));
  child.stdin.end(lines.map((line) => `${line}\n`).join(""));
  const [code] = await once(child, "close");
  return { code, answers: out.split("\n").filter((line) => line !== "") };
}

/** What a tool has answered: its text, its data, and whether it refused. */
export interface Told {
  readonly text: string;
  readonly data: Record<string, unknown>;
  readonly refused: boolean;
}

export async function call(client: Client, name: string, input: Record<string, unknown> = {}): Promise<Told> {
  const { content, structuredContent, isError } = (await client.callTool({ name, arguments: input })) as CallToolResult;
  const text = content.map((part) => (part.type === "text" ? part.text : "")).join("\n");
  return { text, data: structuredContent ?? {}, refused: isError === true };
}
