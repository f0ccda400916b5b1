export { type BoxEntry, boxes, findMemoEntry, nodesFrom, readBox } from "./box.ts";
export { completeByHand, type HandCompletion } from "./complete.ts";
export { Coordinator, type CoordinatorOptions } from "./coordinator.ts";
export type { Made } from "./create.ts";
export { readDecisions, repositoriesOf } from "./decisions.ts";
export { type Diagnosis, diagnose } from "./doctor/doctor.ts";
export type { MeshEvent } from "./events.ts";
export { copyExample } from "./example.ts";
export { History } from "./history.ts";
export { type InitOptions, type InitResult, initMesh, nodeName } from "./init.ts";
export { type InstructionFile, syncInstructions } from "./instructions.ts";
export { findMeshRoot, loadMesh, type Mesh, type MeshNode, nodeAt, requireNode } from "./load.ts";
export { type MemoFile, readMemoFile } from "./memo-file.ts";
export { addNode, type NodeOptions } from "./node.ts";
export { runMesh } from "./run.ts";
export {
  findRunbook,
  isFinished,
  type RunbookEntry,
  type RunbookFile,
  readRunbook,
  readRunbooks,
  runbookPaths,
  runbookRequest,
  startRunbook,
} from "./runbook-files.ts";
export { runbookReference } from "./runbook-reference.ts";
export { openItems, RunbookReview } from "./runbook-review.ts";
export { memoText, type SentMemo, sendMemo } from "./send.ts";
export { type MeshStatus, type NodeStatus, readStatus, type Waiting, waitingFor } from "./status.ts";
export { fillTemplate, readTemplate, shippedTemplates, templateNames } from "./templates.ts";
export { threadIds } from "./thread.ts";
export { type Watching, watchMesh } from "./watch.ts";
