import { posix } from "node:path";
import type { ToolCall } from "./decide-tool.ts";

/** A call of a tool as a program's hook hands it over, with the session it belongs to. */
export interface HookCall extends ToolCall {
  /** As the program names it; "" when it does not. */
  readonly session: string;
}

/**
 * Reads what Claude Code, Codex and Gemini CLI write to a hook that runs before a tool. All three use the same names.
 *
 * @returns a sentence that says what is wrong when it is anything else
 */
export function readHookCall(text: string): HookCall | string {
  const value = parsed(text);
  if (!isRecord(value)) return "the hook's input is no JSON object.";
  const { tool_name: tool, tool_input: given = {}, cwd, session_id: session } = value;
  if (typeof tool !== "string" || tool === "") return "the hook's input names no tool.";
  if (typeof cwd !== "string" || !posix.isAbsolute(cwd))
    return "the hook's input does not say in which folder the agent is.";
  // What a freeform tool is given may be a bare text.
  const input = typeof given === "string" ? { input: given } : given;
  if (!isRecord(input)) return "the hook's input does not say what the tool is given.";
  const server = serverOf(value);
  return {
    ...{ tool, input, cwd: posix.normalize(cwd), session: typeof session === "string" ? session : "" },
    ...(server === undefined ? {} : { server }),
  };
}

function serverOf({ mcp_context: context, mcp_server: server }: Record<string, unknown>): string | undefined {
  const named = isRecord(context) ? context.server_name : isRecord(server) ? server.name : server;
  return typeof named === "string" ? named : undefined;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
