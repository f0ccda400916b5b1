import { MeshError } from "@memomesh/core";
import { findSecrets } from "@memomesh/guard";
import type { Desk } from "./desk.ts";
import { decline, finish } from "./end-tools.ts";
import { fileTools } from "./file-tools.ts";
import { ask, sendMemo } from "./memo-tools.ts";
import { recordLesson, updateState } from "./record-tools.ts";
import { writeRunbook } from "./runbook-tool.ts";
import { refusal, type SessionTool } from "./tool.ts";

export type { SessionTool } from "./tool.ts";

/** Everything that a session can do. There is no shell, and nothing here touches the disk but to read. */
export const sessionTools: readonly SessionTool[] = [
  ...fileTools,
  sendMemo,
  writeRunbook,
  updateState,
  recordLesson,
  ask,
  decline,
  finish,
];

/** What a tool has answered, for the model. */
export interface ToolAnswer {
  readonly text: string;
  /** Whether nothing was done; the text says why. */
  readonly failed: boolean;
}

/**
 * Uses a tool by its name. What the session may not do, and input that cannot be used, are answers too.
 *
 * @param tools those that the session has
 * @throws whatever reading the disk throws that is no MeshError
 */
export async function useTool(
  desk: Desk,
  name: string,
  input: unknown,
  tools: readonly SessionTool[] = sessionTools,
): Promise<ToolAnswer> {
  try {
    const tool = tools.find((each) => each.name === name);
    if (tool === undefined) {
      const names = tools.map((each) => each.name).join(", ");
      throw refusal("tool", `There is no tool "${name.slice(0, 60)}"; there are ${names}.`);
    }
    if (desk.outcome !== undefined) throw refusal("ended", "The session has ended already; nothing was done.");
    if (await holdsSecret(input, new Set(desk.context.guard?.allowedSecrets))) {
      throw refusal(
        "secret",
        "What you wrote holds something that looks like a secret. Write the name of a variable instead. Nothing was done.",
      );
    }
    return { text: await tool.run(desk, input), failed: false };
  } catch (error) {
    if (error instanceof MeshError) return { text: error.message, failed: true };
    throw error;
  }
}

/** Whether any text of an input looks like a secret: it would end up in git. */
async function holdsSecret(input: unknown, allowed: ReadonlySet<string>): Promise<boolean> {
  if (typeof input === "string") return (await findSecrets(input, allowed)).length > 0;
  if (typeof input !== "object" || input === null) return false;
  const held = await Promise.all(Object.values(input).map((each) => holdsSecret(each, allowed)));
  return held.includes(true);
}
