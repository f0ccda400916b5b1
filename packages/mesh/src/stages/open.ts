import { type StandingStage, standingStages } from "@memomesh/core/stages";
import { askedNode } from "../ask/asked-node.ts";
import type { Mesh, MeshNode } from "../load.ts";
import { type FoundStage, findStage, readStageLists, type StageList } from "./inventory.ts";
import { observeRunbook, runbookHappenings } from "./observe.ts";
import { checkTransition, type StageHappening, transit } from "./transition.ts";

/** An inventory with where each stage stands now, by what the journals of their runbooks tell too. */
export interface StageOverview {
  readonly list: StageList;
  readonly stages: readonly StandingStage[];
}

/** Reads how the stages of a mesh stand. Nothing is written. */
export async function readStages(mesh: Mesh, inventory?: string): Promise<StageOverview[]> {
  const lists = await readStageLists(mesh, inventory);
  return Promise.all(
    lists.map(async (list) => {
      const current = await withRunbooks(mesh, list);
      const stages = standingStages(list.stages, (id) => current.records.get(id)?.state ?? "planned");
      return { list: current, stages };
    }),
  );
}

async function withRunbooks(mesh: Mesh, list: StageList): Promise<StageList> {
  const entries = [...list.records].map(async ([id, record]) => {
    const happenings = runbookHappenings(record, await observeRunbook(mesh, record));
    return [
      id,
      checkTransition(
        record,
        happenings.map(({ event }) => event),
      ),
    ] as const;
  });
  return { ...list, records: new Map(await Promise.all(entries)) };
}

/** A stage as it stands now. Nothing is written. */
export async function lookAtStage(
  mesh: Mesh,
  reference: string,
  inventory?: string,
): Promise<FoundStage & { readonly waitsFor: readonly string[] }> {
  const overviews = await readStages(mesh, inventory);
  const found = findStage(
    overviews.map(({ list }) => list),
    reference,
  );
  const standing = overviews.flatMap(({ stages }) => stages).find(({ stage }) => stage === found.stage);
  return { ...found, waitsFor: standing?.waitsFor ?? [] };
}

/** A stage to work on. What people have done with its runbook since is written down first. */
export async function openStage(
  mesh: Mesh,
  reference: string,
  inventory?: string,
): Promise<FoundStage & { readonly node: MeshNode; readonly waitsFor: readonly string[] }> {
  const { waitsFor, stage } = await lookAtStage(mesh, reference, inventory);
  const written = findStage(await readStageLists(mesh, inventory), stage.id);
  const happenings: StageHappening[] = runbookHappenings(written.record, await observeRunbook(mesh, written.record));
  const found = happenings.length === 0 ? written : await transit(mesh, written, happenings);
  return { ...found, waitsFor, node: askedNode(mesh, stage.node) };
}
