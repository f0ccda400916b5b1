export type { Answer } from "./ask/answer.ts";
export type { Attendance } from "./ask/attend.ts";
export { Conversation } from "./ask/conversation.ts";
export { type WrittenFile, writtenFor } from "./ask/written.ts";
export { type BoxEntry, boxes, findMemoEntry, nodesFrom, readBox } from "./box.ts";
export { readBrief } from "./brief/brief.ts";
export { briefText } from "./brief/brief-text.ts";
export { sendBrief } from "./brief/send-brief.ts";
export { BaseChanged, type Change, type FileEdit } from "./change.ts";
export { completeByHand, type HandCompletion } from "./complete.ts";
export { Coordinator, type CoordinatorOptions } from "./coordinator.ts";
export { type CostReport, readCost, type Sum } from "./cost.ts";
export type { Made } from "./create.ts";
export { readDecisions, repositoriesOf } from "./decisions.ts";
export { type Diagnosis, diagnose } from "./doctor/doctor.ts";
export type { MeshEvent } from "./events.ts";
export { copyExample } from "./example.ts";
export { History } from "./history.ts";
export { groundOf, type Whereabouts } from "./hooks/ground.ts";
export { answerHook, type HookOptions } from "./hooks/guard-hook.ts";
export { type InstalledHooks, installHooks } from "./hooks/install.ts";
export { sessionStarted } from "./hooks/session-start.ts";
export { sessionStops } from "./hooks/session-stop.ts";
export { type InitOptions, type InitResult, initMesh, nodeName } from "./init.ts";
export { type InstructionFile, syncInstructions } from "./instructions.ts";
export { unreadable } from "./intake.ts";
export { findMeshRoot, loadMesh, type Mesh, type MeshNode, nodeAt, requireNode } from "./load.ts";
export { makeChange } from "./make-change.ts";
export { type MemoFile, readMemoFile, sentMemo } from "./memo-file.ts";
export { addNode, type NodeOptions } from "./node.ts";
export { type ContextPreview, previewContext } from "./preview.ts";
export { type Readiness, readReadiness } from "./readiness.ts";
export { hoursText, scoreText, shareText } from "./report/figure-text.ts";
export { type Figures, type Report, reportOf } from "./report/figures.ts";
export { readFacts } from "./report/read-facts.ts";
export { reportHtml } from "./report/report-html.ts";
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
export { memoText, type SentMemo, sendMemo } from "./send.ts";
export { sessionFiles } from "./session-files.ts";
export { implementStage, improveStage, type StageBuilt } from "./stages/build-stage.ts";
export { completeStage } from "./stages/complete-stage.ts";
export { goOnWithNext } from "./stages/go-on.ts";
export type { FoundStage, StageList } from "./stages/inventory.ts";
export { observeRunbook } from "./stages/observe.ts";
export { lookAtStage, readStages, type StageOverview } from "./stages/open.ts";
export { planStage, type StagePlanned } from "./stages/plan-stage.ts";
export { type StageStory, stageStory } from "./stages/story.ts";
export { stateEdits } from "./state-edits.ts";
export { type MeshStatus, type NodeStatus, readStatus, readStatusAt, type Waiting, waitingFor } from "./status.ts";
export { fillTemplate, readTemplate, shippedTemplates, templateNames } from "./templates.ts";
export { threadIds } from "./thread.ts";
export { type Watching, watchMesh } from "./watch.ts";
export { type Decision, decisionOf, fileLog, nameText } from "./why/decision.ts";
export { stepEvents } from "./why/runbook.ts";
export type { Story } from "./why/story.ts";
export { why } from "./why/why.ts";
