import { priorities } from "./memo-header.ts";
import type { Stage } from "./stage.ts";
import type { StageState } from "./stage-state.ts";

/** A stage with where it stands. */
export interface StandingStage {
  readonly stage: Stage;
  readonly state: StageState;
  /** Ids of the stages that it still waits for. */
  readonly waitsFor: readonly string[];
}

/** Every stage with where it stands, in the order in which work on them makes sense: layer by layer. Pure. */
export function standingStages(stages: readonly Stage[], stateOf: (id: string) => StageState): StandingStage[] {
  return [...stages].sort(byPlace).map((stage) => ({
    stage,
    state: stateOf(stage.id),
    waitsFor: stage.dependsOn.filter((id) => stateOf(id) !== "complete"),
  }));
}

/**
 * What to do next: the stages that are not complete and wait for no other, the most urgent first; of those with one
 * priority the ones that were begun, then those of lower layers. Pure.
 */
export function nextStages(stages: readonly StandingStage[]): StandingStage[] {
  const begun = ({ state }: StandingStage) => (state === "planned" ? 1 : 0);
  const rank = ({ stage }: StandingStage) => -priorities.indexOf(stage.priority);
  return stages
    .filter(({ state, waitsFor }) => state !== "complete" && waitsFor.length === 0)
    .sort((a, b) => rank(a) - rank(b) || begun(a) - begun(b) || byPlace(a.stage, b.stage));
}

/** How far a layer is. */
export interface LayerProgress {
  readonly layer: number;
  readonly complete: number;
  readonly total: number;
  /** Rounded down, so that 100 means all. */
  readonly percent: number;
}

export function layerProgress(stages: readonly StandingStage[]): LayerProgress[] {
  const layers = Map.groupBy(stages, ({ stage }) => stage.layer);
  return [...layers]
    .sort(([a], [b]) => a - b)
    .map(([layer, members]) => {
      const complete = members.filter(({ state }) => state === "complete").length;
      return { layer, complete, total: members.length, percent: Math.floor((100 * complete) / members.length) };
    });
}

/** By layer and by number in it, as people count. */
function byPlace(a: Stage, b: Stage): number {
  const [, numberA = 0] = a.id.split("-").map(Number);
  const [, numberB = 0] = b.id.split("-").map(Number);
  return a.layer - b.layer || numberA - numberB || (a.id < b.id ? -1 : 1);
}
