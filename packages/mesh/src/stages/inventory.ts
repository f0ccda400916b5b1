import { readdir } from "node:fs/promises";
import { join, relative } from "node:path";
import { Exit, MeshError } from "@memomesh/core";
import {
  type Inventory,
  parseStageState,
  parseStages,
  plannedStage,
  type Stage,
  type StageRecord,
} from "@memomesh/core/stages";
import { textOf } from "../create.ts";
import type { Mesh } from "../load.ts";

/** An inventory with where each of its stages stands. */
export interface StageList extends Inventory {
  /** `inventories/<name>/stages.yml`, absolute. */
  readonly path: string;
  /** By stage. Those that nothing has happened to are planned. */
  readonly records: ReadonlyMap<string, StageRecord>;
}

/** A stage, the inventory that it belongs to, and where it stands. */
export interface FoundStage {
  readonly list: StageList;
  readonly stage: Stage;
  readonly record: StageRecord;
}

function inventoriesFolder(root: string): string {
  return join(root, "inventories");
}

/** The file in which an inventory declares its stages, absolute. */
export function listPathOf(root: string, name: string): string {
  return join(inventoriesFolder(root), name, "stages.yml");
}

/** The file in which a stage's state is kept, absolute: every transition is a commit of it. */
export function statePathOf({ path }: Pick<StageList, "path">, stage: string): string {
  return join(path, "..", "state", `${stage}.md`);
}

/**
 * Reads the inventories of a mesh.
 *
 * @param named only this one
 * @throws MeshError `stage.none` when there is none, `stage.inventory` when there is none of this name, and what
 * `parseStages` and `parseStageState` throw
 */
export async function readStageLists(mesh: Mesh, named?: string): Promise<StageList[]> {
  const folder = inventoriesFolder(mesh.root);
  const entries = await readdir(folder).catch(() => []);
  const found: StageList[] = [];
  for (const name of entries.sort()) {
    const path = listPathOf(mesh.root, name);
    const source = named === undefined || named === name ? await readIfFile(path) : undefined;
    if (source !== undefined) found.push(await readList(mesh, name, path, source));
  }
  if (found.length > 0) return found;
  const none =
    "there is no inventories/<name>/stages.yml; `memomesh stage init` makes one, with stages to be changed into yours.";
  throw named === undefined
    ? new MeshError("stage.none", none, { exit: Exit.usage })
    : new MeshError(
        "stage.inventory",
        `there is no inventories/${named}/stages.yml; there are ${entries.join(", ") || "no inventories"}.`,
        {
          exit: Exit.usage,
        },
      );
}

async function readList(mesh: Mesh, name: string, path: string, source: string): Promise<StageList> {
  const inventory = parseStages(source, relative(mesh.root, path), name);
  const records = await Promise.all(
    inventory.stages.map(async ({ id }): Promise<[string, StageRecord]> => {
      const file = statePathOf({ path }, id);
      const state = await textOf(file);
      return [id, state === undefined ? plannedStage(id) : parseStageState(state, relative(mesh.root, file))];
    }),
  );
  return { ...inventory, path, records: new Map(records) };
}

async function readIfFile(path: string): Promise<string | undefined> {
  return textOf(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOTDIR") return undefined;
    throw error;
  });
}

/**
 * The stage that a person means: its id, or the beginning of one that no other stage has, such as `1-1`.
 *
 * @throws MeshError `stage.unknown-id`, `stage.ambiguous`
 */
export function findStage(lists: readonly StageList[], reference: string): FoundStage {
  const all = lists.flatMap((list) => list.stages.map((stage) => ({ list, stage })));
  const exact = all.filter(({ stage }) => stage.id === reference);
  const found = exact.length > 0 ? exact : all.filter(({ stage }) => stage.id.startsWith(`${reference}-`));
  const [only, ...others] = found;
  if (only === undefined) {
    throw new MeshError(
      "stage.unknown-id",
      `there is no stage "${reference}"; \`memomesh stage list\` shows what there is.`,
      {
        exit: Exit.usage,
      },
    );
  }
  if (others.length > 0) {
    const fitting = found.map(({ list, stage }) => `${stage.id} (${list.name})`).join(", ");
    throw new MeshError(
      "stage.ambiguous",
      `"${reference}" fits ${fitting}; give the whole id, and --inventory where needed.`,
      {
        exit: Exit.usage,
      },
    );
  }
  const { list, stage } = only;
  return { list, stage, record: list.records.get(stage.id) ?? plannedStage(stage.id) };
}
