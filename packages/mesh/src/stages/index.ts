export { implementStage, improveStage, type StageBuilt } from "./build-stage.ts";
export { completeStage } from "./complete-stage.ts";
export { goOnWithNext } from "./go-on.ts";
export type { FoundStage, StageList } from "./inventory.ts";
export { observeRunbook } from "./observe.ts";
export { lookAtStage, readStages, type StageOverview } from "./open.ts";
export { planStage, type StagePlanned } from "./plan-stage.ts";
export { startInventory } from "./start.ts";
export { type StageStory, stageStory } from "./story.ts";
