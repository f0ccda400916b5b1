import { basename, join } from "node:path";
import { parseRunbook } from "@memomesh/core/markdown";
import type { StageRecord } from "@memomesh/core/stages";
import { journalFile, type RunbookProgress, readJournal, runbookProgress } from "@memomesh/runbooks";
import { textOf } from "../create.ts";
import type { Mesh } from "../load.ts";
import type { StageHappening } from "./transition.ts";

/** What the journal of a stage's runbook tells, and who decided last. */
export interface Observed {
  readonly progress: RunbookProgress;
  readonly by: string;
}

/** How far the runbook of a stage is; undefined when there is none. */
export async function observeRunbook(mesh: Mesh, { runbook: path }: StageRecord): Promise<Observed | undefined> {
  const source = path === undefined ? undefined : await textOf(join(mesh.root, path));
  if (path === undefined || source === undefined) return undefined;
  const { events } = await readJournal(journalFile(join(mesh.root, path)));
  const by = events.findLast((event) => "by" in event)?.by;
  return {
    progress: runbookProgress(events, parseRunbook(source, basename(path))),
    by: by === undefined ? "the operator" : by.name,
  };
}

/** What has happened to a stage by what its runbook's journal tells, and is not written down yet. Pure. */
export function runbookHappenings({ state, gate }: StageRecord, observed: Observed | undefined): StageHappening[] {
  if (observed === undefined) return [];
  const { by, progress } = observed;
  const steps = `${progress.fulfilled} of ${progress.total} steps are in place`;
  const approved: StageHappening = { event: { kind: "approved" }, by, text: "Steps of the runbook were approved." };
  const executed: StageHappening = { event: { kind: "executed" }, by, text: `The runbook was executed: ${steps}.` };
  const failed: StageHappening = { event: { kind: "failed" }, by, text: `The runbook is ${progress.state}: ${steps}.` };
  const end = {
    waiting: [],
    "in-progress": [],
    stopped: [],
    executed: [executed],
    failed: [failed],
    "rolled-back": [failed],
  }[progress.state];
  if (state === "gated" && progress.state !== "waiting") return [approved, ...end];
  if (state === "approved") return end;
  // A run that failed was repaired.
  return state === "failed" && gate !== undefined && progress.state === "executed" ? [executed] : [];
}
