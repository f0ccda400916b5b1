import { setTimeout as wait } from "node:timers/promises";
import { MeshError } from "@memomesh/core";
import { lockHolder } from "@memomesh/mailbox";
import { Coordinator, type CoordinatorOptions } from "../coordinator.ts";
import type { MeshEvent } from "../events.ts";
import type { Mesh, MeshNode } from "../load.ts";
import { type Answer, readAnswer } from "./answer.ts";
import { Transcript } from "./transcript.ts";

/** How somebody waits for a request. */
export interface Attendance {
  readonly command: CoordinatorOptions["command"];
  /** Hears what happens, in the order in which it does. */
  readonly onEvent: (event: MeshEvent) => void;
  /** Hears once, in a sentence, when another process does the work. */
  readonly onFollow: (text: string) => void;
  /** Aborting stops between two moments; what was not done waits for the next run. */
  readonly signal: AbortSignal;
}

/** How often the files are looked at while another process does the work, in milliseconds. */
const lookMs = 200;

/**
 * Has a request delivered and worked on now, and waits until it stands differently: by this process when nobody
 * coordinates the mesh; else the one that does does it, and the files tell how far it is.
 *
 * @param id of the memo that is to move
 * @param before how it stood when the request was sent; undefined: it is new
 */
export async function attend(
  mesh: Mesh,
  { node, id, before }: { readonly node: MeshNode; readonly id: string; readonly before?: Answer },
  attendance: Attendance,
): Promise<Answer> {
  const { signal } = attendance;
  const look = () => readAnswer(mesh, node, id);
  let told = false;
  while (!signal.aborted) {
    try {
      await workOn(mesh, { node, id, signal }, attendance);
      return await look();
    } catch (error) {
      if (!(error instanceof MeshError) || error.code !== "mesh.locked") throw error;
      if (!told) attendance.onFollow(error.sentence.split(". ", 1)[0] ?? "");
      told = true;
    }
    const answer = await follow(mesh, look, { node, id, before, ...attendance });
    if (answer !== undefined) return answer;
  }
  return look();
}

/** @throws MeshError `mesh.locked` when somebody else coordinates */
async function workOn(
  mesh: Mesh,
  { node, id, signal }: { node: MeshNode; id: string; signal: AbortSignal },
  { command, onEvent }: Attendance,
): Promise<void> {
  let stop = () => {};
  const coordinator = await Coordinator.open({
    start: mesh.root,
    command,
    onEvent: (event) => {
      onEvent(event);
      // Somebody waits for this one; what else lies there is for the next run.
      if (event.kind === "session-finished" && event.memo === id && event.outcome !== "asked") stop();
    },
  });
  stop = () => coordinator.interrupt();
  signal.addEventListener("abort", stop);
  try {
    for (let left: number | undefined = 0; left !== undefined && !signal.aborted; ) {
      if (left > 0) await wait(left + 1, undefined, { signal }).catch(() => undefined);
      left = await coordinator.settle(["operator", node.id]);
    }
  } finally {
    signal.removeEventListener("abort", stop);
    await coordinator.close();
  }
}

/** @returns undefined when the one who did the work is gone and it is not done */
async function follow(
  mesh: Mesh,
  look: () => Promise<Answer>,
  { node, id, before, onEvent, signal }: Attendance & { node: MeshNode; id: string; before: Answer | undefined },
): Promise<Answer | undefined> {
  const transcript = new Transcript(mesh.root, node.id, id);
  while (!signal.aborted) {
    for (const text of await transcript.news())
      onEvent({ at: new Date().toISOString(), kind: "session-progress", node: node.id, memo: id, text });
    const answer = await look();
    if (hasMoved(answer, before)) return answer;
    if (lockHolder(mesh.root) === undefined) return undefined;
    await wait(lookMs, undefined, { signal }).catch(() => undefined);
  }
  return undefined;
}

/** Whether a session has come to something since. */
function hasMoved(now: Answer, before: Answer | undefined): boolean {
  if (now.standing === "waiting") return false;
  return now.standing !== before?.standing || now.question?.id !== before.question?.id;
}
