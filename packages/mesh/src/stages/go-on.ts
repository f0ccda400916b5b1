import { Exit, MeshError } from "@memomesh/core";
import { nextStages } from "@memomesh/core/stages";
import type { Attendance } from "../ask/attend.ts";
import type { Mesh } from "../load.ts";
import { implementStage, improveStage, type StageBuilt } from "./build-stage.ts";
import { readStages } from "./open.ts";
import { planStage, type StagePlanned } from "./plan-stage.ts";

/** How often what the gate refuses is improved when nobody says it. */
const usualRounds = 3;

/**
 * Takes the next stage one step further: a plan, what was planned, or its improvement. Those that wait for a person are
 * passed over.
 *
 * @throws MeshError `stage.nothing` (exit 1) when only people can go on
 */
export async function goOnWithNext(
  mesh: Mesh,
  inventory: string | undefined,
  attendance: Attendance,
): Promise<StagePlanned | StageBuilt> {
  const next = (await readStages(mesh, inventory)).flatMap(({ list, stages }) =>
    nextStages(stages).map(({ stage, state }) => ({ reference: stage.id, inventory: list.name, state })),
  );
  for (const { state, ...stage } of next) {
    if (state === "planned") return planStage(mesh, stage, attendance);
    if (state === "designed") return implementStage(mesh, { ...stage, rounds: usualRounds }, attendance);
    if (state === "implemented" || state === "improving" || state === "failed")
      return improveStage(mesh, { ...stage, rounds: usualRounds, wish: "" }, attendance);
  }
  const waits = next.map(({ reference, state }) => `${reference} is ${state}`).join(", ");
  throw new MeshError(
    "stage.nothing",
    waits === ""
      ? "every stage is complete, or waits for one that is not."
      : `an agent can go on with none: ${waits}; a person reviews or completes.`,
    { exit: Exit.failed },
  );
}
