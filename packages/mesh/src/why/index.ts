export { type Decision, decisionOf, fileLog, nameText } from "./decision.ts";
export { historyFor } from "./of-node.ts";
export { stepEvents } from "./runbook.ts";
export type { Story } from "./story.ts";
export { why } from "./why.ts";
