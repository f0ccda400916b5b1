// What parses Markdown. It takes a while to load, which is why the router does not import it.

export { type MemoBody, type MemoFence, readBody, tickItem } from "./body.ts";
export { type Completion, completeMemo } from "./completion.ts";
export { readDeployment } from "./deployment.ts";
export { parseOpinion } from "./opinion-read.ts";
export { parseRunbook } from "./runbook-read.ts";
export type { ActionItem, Section } from "./section.ts";
export { parseState } from "./state.ts";
export { updateState } from "./state-update.ts";
