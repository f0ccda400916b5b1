import { Exit, MeshError } from "@memomesh/core";
import { findSecrets, safeText } from "@memomesh/guard";
import type { McpServer } from "@modelcontextprotocol/sdk/server/mcp.js";
import type { CallToolResult } from "@modelcontextprotocol/sdk/types.js";
import * as z from "zod";
import type { Caller } from "./caller.ts";

/** What a tool does to the files of the mesh. None runs anything, and none decides in a person's place. */
type Effect = "reads" | "adds" | "replaces";

/** What a tool gives back: for a model to read, and the same as data. */
interface Answer<Data> {
  readonly text: string;
  readonly data: Data;
}

interface Description<Input, Output> {
  readonly name: string;
  readonly title: string;
  /** When to use it, and what it will not do. */
  readonly says: string;
  readonly effect: Effect;
  readonly input: Input;
  readonly output: Output;
}

interface TypedTool<Input extends z.ZodRawShape, Output extends z.ZodRawShape> extends Description<Input, Output> {
  use(caller: Caller, input: z.output<z.ZodObject<Input>>): Promise<Answer<z.input<z.ZodObject<Output>>>>;
}

/** Something that a client may ask of a node. */
export interface Tool extends Description<z.ZodObject, z.ZodObject> {
  use(caller: Caller, input: Record<string, unknown>): Promise<Answer<Record<string, unknown>>>;
}

/** Names that are not in `input` are refused, so that a misspelt one is not silently ignored. */
export function tool<Input extends z.ZodRawShape, Output extends z.ZodRawShape>(typed: TypedTool<Input, Output>): Tool {
  return {
    ...typed,
    input: z.strictObject(typed.input),
    output: z.object(typed.output),
    use: (caller, input) => typed.use(caller, input as z.output<z.ZodObject<Input>>),
  };
}

/** Puts a tool before the clients of a server. Input that does not fit its schema never reaches it. */
export function offer(server: McpServer, offered: Tool, caller: () => Promise<Caller>): void {
  const { name, title, says, effect, input, output } = offered;
  const annotations = {
    title,
    readOnlyHint: effect === "reads",
    destructiveHint: effect === "replaces",
    idempotentHint: effect === "reads",
    openWorldHint: false,
  };
  const config = { title, description: says, inputSchema: input, outputSchema: output, annotations };
  server.registerTool(name, config, async (given): Promise<CallToolResult> => {
    try {
      const asking = await caller();
      if (effect !== "reads") await refuseSecrets(given, new Set(asking.mesh.guard.allowedSecrets));
      const { text, data } = await offered.use(asking, given);
      return { content: [{ type: "text", text }], structuredContent: data };
    } catch (error) {
      return { content: [{ type: "text", text: refusalText(error) }], isError: true };
    }
  });
}

/** @throws MeshError `mcp.secret`: what is written ends up in git */
async function refuseSecrets(given: unknown, allowed: ReadonlySet<string>): Promise<void> {
  if (typeof given === "string" && (await findSecrets(given, allowed)).length > 0) {
    const sentence =
      "what you wrote holds something that looks like a secret; write the name of a variable instead. Nothing was done";
    throw new MeshError("mcp.secret", sentence, { exit: Exit.notPermitted });
  }
  if (typeof given === "object" && given !== null) {
    for (const value of Object.values(given)) await refuseSecrets(value, allowed);
  }
}

/** Why a call was refused, in a sentence that an agent can act on. */
export function refusalText(error: unknown): string {
  if (error instanceof MeshError) return safeText(`${error.code}: ${error.message}`, { newlines: true });
  const { code, message } = error as NodeJS.ErrnoException;
  return safeText(`${code === undefined ? "bug" : `system.${code}`}: ${message ?? String(error)}`, { newlines: true });
}
