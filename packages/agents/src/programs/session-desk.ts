import { MeshError } from "@memomesh/core";
import type { SessionKnowledge } from "../agent.ts";
import { Desk } from "../session/desk.ts";
import type { SessionTool, ToolAnswer } from "../session/tools.ts";
import { useTool } from "../session/tools.ts";
import { type MemoCall, noteCall, readCalls } from "./call-book.ts";
import { collect } from "./collect.ts";
import { memoTools } from "./memo-tools.ts";
import { replay } from "./replay.ts";
import { type ProgramDesk, readSession } from "./session-folder.ts";

/** The memo tools of one session, for a program that works in a checkout. */
export interface SessionDesk {
  readonly knowledge: SessionKnowledge;
  readonly tools: readonly SessionTool[];
  /**
   * Uses a tool as it will be used again when the program has ended. What is answered to have worked is on the disk then.
   *
   * @throws whatever reading or writing the disk throws that is no MeshError
   */
  use(name: string, input: unknown): Promise<ToolAnswer>;
}

/**
 * Opens the desk of a session from what its adapter has left in a folder. No mesh is read.
 *
 * @throws MeshError `agent.program.session` when the folder describes no session
 */
export async function openSessionDesk(folder: string): Promise<SessionDesk> {
  const session = await readSession(folder);
  // One after the other, in the order in which they came: one may end the session.
  let last: Promise<unknown> = Promise.resolve();
  return {
    knowledge: session.knowledge,
    tools: memoTools,
    use(name, input) {
      const turn = last.then(() => accept(folder, session, { name, input }));
      last = turn.catch(() => undefined);
      return turn;
    },
  };
}

async function accept(folder: string, session: ProgramDesk, call: MemoCall): Promise<ToolAnswer> {
  try {
    for (;;) {
      const before = await readCalls(folder);
      const answer = await tryOut(session, before, call);
      // Another server of the same session may have been faster, and then this call may not be possible any more.
      if (answer.failed || (await noteCall(folder, before.length, call))) return answer;
    }
  } catch (error) {
    if (error instanceof MeshError) return { text: error.message, failed: true };
    throw error;
  }
}

/** What the adapter would answer if the program ended now. Nothing is kept of it. */
async function tryOut(
  { knowledge, checkout }: ProgramDesk,
  before: readonly MemoCall[],
  { name, input }: MemoCall,
): Promise<ToolAnswer> {
  const desk = new Desk(knowledge);
  // The adapter also looks for the vendor's key in what was written. Nothing of it is told here.
  const lost = await replay(desk, collect(checkout, {}).files, before);
  const answer = await useTool(desk, name, input, memoTools);
  if (answer.failed || desk.outcome === undefined) return answer;
  const { kind } = desk.outcome;
  if (lost !== undefined && (kind === "done" || kind === "prepared")) {
    const text = `The runbook that you have written does not hold any more: ${lost} Write it again. The session goes on.`;
    return { text, failed: true };
  }
  return { text: `${answer.text} Stop here.`, failed: false };
}
