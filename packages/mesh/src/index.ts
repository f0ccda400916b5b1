export { type BoxEntry, boxes, findMemoEntry, nodesFrom, readBox } from "./box.ts";
export { BaseChanged, type Change, type FileEdit } from "./change.ts";
export { completeByHand, type HandCompletion } from "./complete.ts";
export { Coordinator, type CoordinatorOptions } from "./coordinator.ts";
export { type CostReport, readCost, type Sum } from "./cost.ts";
export type { Made } from "./create.ts";
export { readDecisions, repositoriesOf } from "./decisions.ts";
export type { MeshEvent } from "./events.ts";
export { copyExample } from "./example.ts";
export { History } from "./history.ts";
export { type InitOptions, type InitResult, initMesh, nodeName } from "./init.ts";
export { type InstructionFile, syncInstructions } from "./instructions.ts";
export { findTooLong } from "./instructions-length.ts";
export { draftProblems } from "./intake.ts";
export { judgedRequest } from "./judged-request.ts";
export { findMeshRoot, loadMesh, type Mesh, type MeshNode, nodeAt, requireNode } from "./load.ts";
export { makeChange } from "./make-change.ts";
export { type MemoFile, readMemoFile, sentMemo } from "./memo-file.ts";
export { inboxProblem } from "./memo-signature.ts";
export { addNode, type NodeOptions } from "./node.ts";
export { opinionAgain } from "./opinion-again.ts";
export { type ContextPreview, previewContext } from "./preview.ts";
export { type Readiness, readReadiness } from "./readiness.ts";
export { route } from "./route.ts";
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
export { syncScopedRules } from "./scoped-rules.ts";
export { acceptSecretCommand, findSecretCommand, readSecretCommands, type SecretCommand } from "./secret-commands.ts";
export { refuseSecrets, type SecretPlace, secretsIn } from "./secrets.ts";
export { memoText, type SentMemo, type Signing, sendMemo } from "./send.ts";
export { sessionFiles } from "./session-files.ts";
export { stateEdits } from "./state-edits.ts";
export { type MeshStatus, type NodeStatus, readStatus, readStatusAt, type Waiting, waitingFor } from "./status.ts";
export { stepVariables } from "./step-variables.ts";
export { fillTemplate, readTemplate, shippedTemplates, templateNames } from "./templates.ts";
export { threadIds } from "./thread.ts";
export { type Watching, watchMesh } from "./watch.ts";
