import { setTimeout as pause } from "node:timers/promises";
import { Exit, MeshError, newId } from "@memomesh/core";
import type { CommitText } from "@memomesh/mailbox";
import { BaseChanged, type Change, type FileEdit, History, makeChange } from "@memomesh/mesh";
import type { Caller } from "./caller.ts";

/** How often a change is planned again because another process edits the same file, and how long it waits, at most. */
const mostTries = 12;
const longestPause = 120;

/** The changes of this process are made one after the other: each is planned on what the one before has left. */
let last: Promise<unknown> = Promise.resolve();

/** Edits in the node's folder, and what the history says about them. */
export interface Plan {
  readonly edits: readonly FileEdit[];
  readonly subject: string;
  readonly body?: string | undefined;
  readonly trailers?: CommitText["trailers"];
}

/**
 * Makes a change of the node's files, durably and whole, and commits it.
 *
 * @param plan made again from the files of that moment when one of them is changed meanwhile
 * @returns what a person should know, such as that git did not commit; the files are safe all the same
 * @throws MeshError `mcp.changed` when others keep editing the same file; then nothing was done
 */
export async function makePlan(caller: Caller, plan: (at: Date) => Promise<Plan>): Promise<readonly string[]> {
  const made = last.then(() => makeNow(caller, plan));
  last = made.catch(() => undefined);
  return made;
}

async function makeNow(caller: Caller, plan: (at: Date) => Promise<Plan>): Promise<readonly string[]> {
  const { mesh, node } = caller;
  const notes: string[] = [];
  const history = await History.open(mesh, (event) => {
    if (event.kind === "warning") notes.push(event.text);
  });
  try {
    for (let tries = 1; ; tries += 1) {
      const at = new Date();
      try {
        await makeChange(mesh.root, history, changeOf(caller, await plan(at), at));
        break;
      } catch (error) {
        if (!(error instanceof BaseChanged)) throw error;
        if (tries === mostTries) throw edited(error, node.id);
        await pause(Math.random() * longestPause);
      }
    }
  } finally {
    await history.close();
  }
  return notes;
}

function changeOf({ node, agent }: Caller, { edits, subject, body, trailers = [] }: Plan, at: Date): Change {
  const all = [...trailers, ["Node", node.id] as const, ["Agent", agent] as const];
  const commit = { subject, ...(body === undefined ? {} : { body }), trailers: all };
  return { id: newId(at.getTime()), within: node.folder, edits, commit };
}

function edited({ path }: BaseChanged, node: string): MeshError {
  const sentence = `${path} of ${node} is being changed by somebody else all the time; nothing was done. Try again`;
  return new MeshError("mcp.changed", sentence, { exit: Exit.tryAgain });
}
