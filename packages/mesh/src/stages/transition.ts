import { relative } from "node:path";
import { Exit, MeshError, newId, sha256 } from "@memomesh/core";
import { printStageState, type StageEvent, type StageRecord, stageAfter } from "@memomesh/core/stages";
import { BaseChanged } from "../change.ts";
import { textOf } from "../create.ts";
import { History } from "../history.ts";
import type { Mesh } from "../load.ts";
import { makeChange } from "../make-change.ts";
import { type FoundStage, statePathOf } from "./inventory.ts";

/** Something that happened to a stage, who did it, and a line about it. */
export interface StageHappening {
  readonly event: StageEvent;
  /** Person, or node and agent. */
  readonly by: string;
  readonly text: string;
  /** Further files for its commit: what a person has written for it; absolute. */
  readonly also?: readonly string[];
}

/**
 * Checks whether all of this can happen to a stage, one after the other.
 *
 * @returns the record afterwards
 * @throws MeshError `stage.state` (exit 1) with what has to come first
 */
export function checkTransition(record: StageRecord, events: readonly StageEvent[]): StageRecord {
  return events.reduce((now, event) => {
    const after = stageAfter(now, event);
    if (typeof after !== "string") return after;
    throw new MeshError("stage.state", `${after}.`, { exit: Exit.failed });
  }, record);
}

/**
 * Writes down what happened to a stage, one line and one commit for each transition.
 *
 * @returns the stage as it is now
 * @throws MeshError `stage.state` when it cannot happen, `stage.changed` (exit 75) when somebody edits the state file in this moment
 */
export async function transit(
  mesh: Mesh,
  found: FoundStage,
  happenings: readonly StageHappening[],
): Promise<FoundStage> {
  checkTransition(
    found.record,
    happenings.map(({ event }) => event),
  );
  const history = await History.open(mesh, () => {});
  try {
    let { record } = found;
    for (const happening of happenings) record = await write(mesh, history, { ...found, record }, happening);
    return { ...found, record };
  } catch (error) {
    if (!(error instanceof BaseChanged)) throw error;
    throw new MeshError(
      "stage.changed",
      `${relative(mesh.root, error.path)} was changed in this moment; nothing was written. Try again.`,
      {
        exit: Exit.tryAgain,
        cause: error,
      },
    );
  } finally {
    await history.close();
  }
}

async function write(
  mesh: Mesh,
  history: History,
  { list, stage, record }: FoundStage,
  { event, by, text, also = [] }: StageHappening,
): Promise<StageRecord> {
  const after = checkTransition(record, [event]);
  const path = statePathOf(list, stage.id);
  const source = await textOf(path);
  const at = new Date();
  const next = printStageState(source, after, stage.name, { at: at.toISOString(), before: record.state, by, text });
  const edit = { path, before: source === undefined ? null : sha256(source), after: next };
  const trailers = [
    ["Stage", `${list.name}/${stage.id}`],
    ...after.memos.slice(-1).map((memo) => ["Memo-Id", memo] as const),
    ["Node", "operator"],
    ...(after.runbook === undefined ? [] : [["Runbook", after.runbook] as const]),
    ...(event.kind === "completed" || event.kind === "approved" ? [["Approved-By", by] as const] : []),
  ] as const;
  const subject = `Stage ${stage.id}: ${record.state} → ${after.state}`;
  const change = {
    id: newId(at.getTime()),
    within: mesh.root,
    edits: [edit],
    commit: { subject, body: text, trailers },
  };
  await makeChange(mesh.root, history, change, also);
  return after;
}
