export { globChoices } from "./detect/glob.ts";
export { brokenDetectors } from "./detect/lessons.ts";
export { type Explanation, explainChecks } from "./explain.ts";
export type { Finding } from "./finding.ts";
export { gate } from "./gate.ts";
export { quantity } from "./platform/amount.ts";
export { readFiles } from "./read-files.ts";
export { githubAnnotations } from "./report/annotations.ts";
export { improvementPlan, pointsText } from "./report/improvement-plan.ts";
export { sarifLog } from "./report/sarif.ts";
export {
  type CheckResult,
  findingsOf,
  type GateResult,
  type MissingTool,
  type ScoreOptions,
  score,
} from "./score.ts";
export { defaultSettings, type GateSettings, readSettings } from "./settings.ts";
export {
  type GateFile,
  type KnownPlatform,
  type Request,
  type Requirement,
  requestOf,
  type Subject,
} from "./subject.ts";
export { findMissingTools } from "./tools/run-tools.ts";
