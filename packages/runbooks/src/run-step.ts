import { Exit } from "@memomesh/core";
import { type Subject, takeApprovals } from "./approval.ts";
import { approvalRule } from "./approval-rule.ts";
import { subjectOf } from "./approve-step.ts";
import type { Execution } from "./execute.ts";
import { executePhase, runCheck } from "./phase.ts";
import { requireDecidable, requireExecutable } from "./ready.ts";
import { writeRecord } from "./record.ts";
import { findStep, requireFence, requireItsTurn, stepError } from "./refusal.ts";
import { currentEvents, type Review } from "./review.ts";
import type { ReviewedStep } from "./snapshot.ts";
import { type StepState, standing, stepStates, succeeded } from "./step-state.ts";

/** What came of an action on a step. */
export interface StepResult {
  readonly step: number;
  readonly state: StepState;
  /** Of the run or the undo; absent when only the check ran. */
  readonly execution?: Execution;
  readonly check?: Execution;
}

/**
 * Runs an approved step and then its check, in exactly the bytes that were reviewed.
 *
 * Before the first of them runs, the approval is used up and the journal says that the step was started, both on the
 * disk: whoever comes after a crash sees that it may have run.
 *
 * @throws MeshError and runs nothing: `approval.missing`, `approval.void`, `approval.used`, `approval.expired`,
 *   `approval.clock`, `approval.people`, `step.critical`, `step.drift`, `step.needs`,
 *   `step.order` (exit 77); `step.files`, `step.variables`, `step.syntax`, `step.unfit` (exit 65); `step.moved`,
 *   `step.running` (exit 75); `step.manual` (exit 2)
 */
export async function runStep(review: Review, number: number): Promise<StepResult> {
  const { reviewed } = review;
  const found = findStep(reviewed, number);
  const { text } = requireFence(reviewed, found, "run");
  const digest = await requireDecidable(review, found);
  requireItsTurn(reviewed, found, await currentEvents(reviewed));
  await requireExecutable(review, found, "run", "check");
  const approvals = await spendApprovals(review, found, "run", digest);
  const execution = await executePhase(review, found, { phase: "run", text, digest, ...approvals });
  const check = succeeded(execution.end) ? await runCheck(review, found, digest) : undefined;
  return await result(review, number, { execution, ...(check && { check }) });
}

/**
 * Runs the approved undo of a step.
 *
 * @throws MeshError as {@link runStep} does, and then nothing was run
 */
export async function undoStep(review: Review, number: number): Promise<StepResult> {
  const { reviewed } = review;
  const found = findStep(reviewed, number);
  const { text } = requireFence(reviewed, found, "undo");
  const digest = await requireDecidable(review, found);
  await requireExecutable(review, found, "undo");
  const approvals = await spendApprovals(review, found, "undo", digest);
  const execution = await executePhase(review, found, { phase: "undo", text, digest, ...approvals });
  return await result(review, number, { execution });
}

async function spendApprovals(review: Review, found: ReviewedStep, action: Subject["action"], digest: string) {
  const { reviewed, clock = () => new Date() } = review;
  const { people, manner } = approvalRule(found.risk[action], found.target);
  if (manner === "by-hand") {
    const sentence = "is of critical risk and is never run by this program; do it by hand. Nothing was run.";
    throw stepError(reviewed, "critical", found.step.number, sentence, Exit.notPermitted);
  }
  const terms = { people, hours: reviewed.approvalHours, now: clock(), signatures: reviewed.signatures };
  const taken = await takeApprovals(reviewed.meshRoot, subjectOf(reviewed, found, action, digest), terms);
  const [last, ...further] = taken.map(({ id }) => id).reverse() as [string, ...string[]];
  return { approval: last, people, ...(further.length > 0 && { furtherApprovals: further.reverse() }) };
}

/**
 * Runs only the check of a step that was run or done by hand: after a crash between the two, or to look again.
 *
 * The check belongs to the decision on the step; therefore the step must still be what was decided on.
 *
 * @throws MeshError `step.not-run` or `step.no-check` (exit 2), `step.drift` (exit 77)
 */
export async function checkStep(review: Review, number: number): Promise<StepResult> {
  const { reviewed } = review;
  const found = findStep(reviewed, number);
  requireFence(reviewed, found, "check");
  const digest = await requireDecidable(review, found);
  const state = standing(stepStates(await currentEvents(reviewed)).get(number) ?? { state: "pending" });
  const checkable = state.state === "unverified" || state.state === "done" || state.state === "by-hand";
  if (!checkable && !(state.state === "failed" && state.phase === "check")) {
    throw stepError(reviewed, "not-run", number, "was not run; there is nothing to check.", Exit.usage);
  }
  if (state.digest !== digest) {
    const sentence = "has changed since it was decided on; its check is not the one that was shown then.";
    throw stepError(reviewed, "drift", number, sentence, Exit.notPermitted);
  }
  await requireExecutable(review, found, "check");
  const check = await runCheck(review, found, digest);
  return await result(review, number, { ...(check && { check }) });
}

/** Prints the record anew and says how the step stands now. */
export async function result(
  review: Review,
  step: number,
  executions: Omit<StepResult, "step" | "state">,
): Promise<StepResult> {
  await writeRecord(review.reviewed);
  const state = stepStates(await currentEvents(review.reviewed)).get(step) ?? { state: "pending" };
  return { step, state, ...executions };
}
