export { type Decision, decisionOf, fileLog, nameText } from "./decision.ts";
export { stepEvents } from "./runbook.ts";
export type { Story } from "./story.ts";
export { why } from "./why.ts";
