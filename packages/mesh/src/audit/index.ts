export type { AuditProblem } from "./chain-problems.ts";
export type { ExecutedStep } from "./executed-step.ts";
export { type NodeAudit, verifyAudit } from "./verify.ts";
