// Stages and plans. Loaded by what works with them: reading YAML takes longer than all else that most commands do.

export { type Inventory, parseStages, type Stage, type StageRequirement } from "./stage.ts";
export { parseStageState, printStageState, type StageNote } from "./stage-file.ts";
export { type LayerProgress, layerProgress, nextStages, type StandingStage, standingStages } from "./stage-order.ts";
export { parsePlan, planJsonSchema, planMarkdown, printPlan, type StagePlan } from "./stage-plan.ts";
export {
  plannedStage,
  type StageEvent,
  type StageRecord,
  type StageState,
  stageAfter,
  stageStates,
  type Waiver,
} from "./stage-state.ts";
export { readStageTask, type StageTask, stageTaskBlock } from "./stage-task.ts";
