import { Exit } from "@memomesh/core";
import type { Person } from "./event.ts";
import { runCheck } from "./phase.ts";
import { requireDecidable, requireExecutable } from "./ready.ts";
import { findStep, requireItsTurn, requireUndoable, requireUnmoved, stepError } from "./refusal.ts";
import { conclude, currentEvents, note, type Review } from "./review.ts";
import { result, type StepResult } from "./run-step.ts";
import type { ReviewedRunbook } from "./snapshot.ts";
import { requireNoSecret } from "./spoken-secret.ts";
import { stateWord } from "./state-word.ts";
import { isFulfilled, standing, stepStates, undoOrder } from "./step-state.ts";

/**
 * Says that a person has done a step themselves; then its check runs, if it has one that this program may run.
 *
 * @param remark what they did, when it was not what the step says
 */
export async function markByHand(review: Review, number: number, remark?: string): Promise<StepResult> {
  const { reviewed, by } = review;
  const found = findStep(reviewed, number);
  await requireNoSecret(reviewed, "what you say you did", remark);
  const digest = await requireDecidable(review, found);
  requireItsTurn(reviewed, found, await currentEvents(reviewed));
  const checked = found.step.check !== undefined && found.risk.classified.check?.risk !== "critical";
  if (checked) await requireExecutable(review, found, "check");
  await note(review, { type: "by-hand", step: number, by, digest, checked, ...(remark && { note: remark }) });
  const check = checked ? await runCheck(review, found, digest) : undefined;
  return await result(review, number, { ...(check && { check }) });
}

/**
 * Says that a person has undone a step themselves.
 *
 * @throws MeshError `step.not-run` (exit 2) when there is nothing to undo
 */
export async function markUndone(review: Review, number: number, remark?: string): Promise<StepResult> {
  const { reviewed, by } = review;
  const found = findStep(reviewed, number);
  await requireNoSecret(reviewed, "what you say you did", remark);
  const digest = await requireDecidable(review, found);
  requireUndoable(reviewed, found, undoOrder(await currentEvents(reviewed)));
  const about = { type: "by-hand", step: number, by, digest, checked: false, action: "undo" } as const;
  await note(review, { ...about, ...(remark && { note: remark }) });
  return await result(review, number, {});
}

/**
 * Leaves a step out. What needs it cannot run then.
 *
 * @throws MeshError `step.reason` (exit 2) without a reason, `step.done` (exit 2) when it is in place already
 */
export async function skipStep(review: Review, number: number, reason: string): Promise<void> {
  const { reviewed, by } = review;
  const found = findStep(reviewed, number);
  const events = await currentEvents(reviewed);
  requireUnmoved(reviewed, found, events);
  const state = standing(stepStates(events).get(number) ?? { state: "pending" });
  if (reason.trim() === "") throw stepError(reviewed, "reason", number, "is skipped only with a reason.", Exit.usage);
  if (isFulfilled(state))
    throw stepError(reviewed, "done", number, `is ${stateWord(state)}; undo it instead.`, Exit.usage);
  await requireNoSecret(reviewed, "the reason", reason);
  await conclude(review, { type: "skipped", step: number, by, reason: reason.trim() });
}

/** Ends the work on a runbook before all its steps are decided. Whoever comes later can take it up again. */
export async function stopRunbook(review: Review, reason?: string): Promise<void> {
  const { by, reviewed } = review;
  await requireNoSecret(reviewed, "the reason", reason);
  await conclude(review, { type: "stopped", by, ...(reason && { reason }) });
}

/** Keeps what was shown, so that the next review can say what has changed since. Nothing is written when nothing has. */
export async function markReviewed(
  reviewed: ReviewedRunbook,
  by: Person,
  clock: () => Date = () => new Date(),
): Promise<void> {
  const { difference, sourceDigest } = reviewed;
  const unchanged = difference.removed.size === 0 && reviewed.steps.every(({ change }) => change.kind === "unchanged");
  if (unchanged && difference.last?.source === sourceDigest) return;
  const steps = reviewed.steps.map(({ step, digest, text }) => ({
    step: step.number,
    title: step.title,
    digest: digest ?? null,
    text,
  }));
  await conclude({ reviewed, clock }, { type: "reviewed", by, source: sourceDigest, steps });
}

/** Says that the reviewer has edited the runbook's file, from the one version to the other (digests of the source). */
export async function markEdited(review: Review, to: string): Promise<void> {
  await conclude(review, { type: "edited", by: review.by, from: review.reviewed.sourceDigest, to });
}
