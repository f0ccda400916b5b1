import { type FileChange, MeshError } from "@memomesh/core";
import type { Desk } from "../session/desk.ts";
import { writeRunbook } from "../session/runbook-tool.ts";
import { useTool } from "../session/tools.ts";
import type { MemoCall } from "./call-book.ts";
import { memoTools } from "./memo-tools.ts";

/**
 * Puts on a desk what a program has changed and then does what it has called. The server of its memo tools does this
 * before each call, and the adapter when the program has ended; so both come to the same answers.
 *
 * A file can vanish that a runbook needs. That is only wrong when the runbook is to be kept, which is known at the end:
 * see {@link requireRunbook}.
 *
 * @returns why the last call of `write_runbook` does not hold any more; undefined when it does
 * @throws MeshError `agent.program.refused` when another call is refused that the program was told had worked
 * @throws MeshError `session.write` when it has written more than a session may
 */
export async function replay(
  desk: Desk,
  changes: readonly FileChange[],
  calls: readonly MemoCall[],
): Promise<string | undefined> {
  let lost: string | undefined;
  for (const change of changes) {
    // Not all that was copied: an edit of another file in the meantime is no reason to begin again.
    desk.context.files.relyOn(change.path);
    desk.put(change);
  }
  for (const { name, input } of calls) {
    if (desk.outcome !== undefined) break;
    const { text, failed } = await useTool(desk, name, input, memoTools);
    if (name === writeRunbook.name) lost = failed ? text : undefined;
    else if (failed) throw refused(name, text);
  }
  return lost;
}

/**
 * @param lost what {@link replay} has returned
 * @throws MeshError `agent.program.refused` when the session ends with a runbook that does not hold any more
 */
export function requireRunbook({ outcome }: Desk, lost: string | undefined): void {
  const kept = outcome?.kind === "done" || outcome?.kind === "prepared";
  if (kept && lost !== undefined) throw refused(writeRunbook.name, lost);
}

function refused(name: string, why: string): MeshError {
  return new MeshError(
    "agent.program.refused",
    `the program was told that ${name} had worked, but it is refused now: ${why} Nothing was applied, and the memo waits.`,
  );
}
