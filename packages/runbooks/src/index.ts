export {
  type Approval,
  type ApprovalTerms,
  pendingApprovals,
  recordApproval,
  type Subject,
  takeApprovals,
  validUntil,
} from "./approval.ts";
export { type ApprovalRule, approvalRule, mayBeSame } from "./approval-rule.ts";
export { approveStep, type GivenApproval, type StepDecision, withdrawApproval } from "./approve-step.ts";
export { bytesText } from "./bytes-text.ts";
export { checkRunbook, type Finding } from "./check-runbook.ts";
export { markByHand, markEdited, markReviewed, markUndone, skipStep, stopRunbook } from "./decide.ts";
export { endText } from "./end-text.ts";
export type { Environment } from "./environment.ts";
export type { End, JournalEvent, Person, Phase } from "./event.ts";
export type { Execution } from "./execute.ts";
export { type GateVerdict, overrideText } from "./gate-rule.ts";
export { type Journal, readJournal } from "./journal.ts";
export type { FoundOpinion, StepOpinion } from "./kept-opinion.ts";
export { isRunbookName, journalFile, opinionFile, recordFile } from "./layout.ts";
export { type DiffLine, diffLines } from "./line-diff.ts";
export { type Holder, runbookHolder } from "./lock.ts";
export { lookText } from "./look-text.ts";
export { type MisleadingText, misleadingInStep, misleadingInText } from "./misleading.ts";
export { ownFolder } from "./own-folder.ts";
export { probeTarget, type TargetProbe } from "./probe-target.ts";
export { type NextAction, type RunbookProgress, runbookProgress } from "./progress.ts";
export { printRecord } from "./record.ts";
export { type Look, lookAt, onlyLooks, type Rehearsed, rehearsal, whyNot } from "./rehearsal.ts";
export { beginReview, continueReview, endReview, type Review, type ReviewOptions } from "./review.ts";
export type { ReviewDifference, StepChange } from "./review-difference.ts";
export { checkStep, runStep, type StepResult, undoStep } from "./run-step.ts";
export { shellModeText } from "./shell.ts";
export { type Signatures, signatureProblem } from "./signature.ts";
export {
  openRunbook,
  type ReviewedRunbook,
  type ReviewedStep,
  type RunbookRequest,
  refreshRunbook,
} from "./snapshot.ts";
export { type SignerKeys, signerOf, signText } from "./ssh-signature.ts";
export { stateWord } from "./state-word.ts";
export { type StepRisk, stepRisk } from "./step-risk.ts";
export { isSettled, type Standing, type StepState, standing, stepStates, turnOf, undoOrder } from "./step-state.ts";
export { type UndoAllResult, undoAll } from "./undo-all.ts";
export { type DifferenceLine, unifiedDifference } from "./unified-difference.ts";
