import { Exit, MeshError } from "@memomesh/core";
import { type Approval, recordApproval, type Subject } from "./approval.ts";
import type { Person } from "./event.ts";
import { findStep, requireDigest, requireFence, requireFiles, requireUnmoved, stepError } from "./refusal.ts";
import { conclude, currentEvents } from "./review.ts";
import type { ReviewedRunbook, ReviewedStep } from "./snapshot.ts";
import { stateWord } from "./state-word.ts";
import { mayHaveRun, standing, undoOrder } from "./step-state.ts";

/** A person's word on one step of a runbook that was put before them. */
export interface StepDecision {
  readonly by: Person;
  readonly how: Approval["how"];
  readonly action?: "run" | "undo";
  /** What the person believes they decide on; for scripts, which have not seen the value that is approved. */
  readonly digest?: string;
  /** Said in so many words: run it although it may have run before. */
  readonly again?: boolean;
}

/**
 * Approves one step for one run, or for one undo.
 *
 * @throws MeshError `approval.void` (exit 77) when the digest given is not that of the step as it is; `step.again`
 *   (exit 77) when it may have run before and `again` is not said; `step.unfit`, `step.files`, `step.moved`,
 *   `step.running`, `step.manual`, `step.no-undo`, `step.not-run`, `approval.risk`
 */
export async function approveStep(
  reviewed: ReviewedRunbook,
  number: number,
  decision: StepDecision,
  clock: () => Date = () => new Date(),
): Promise<Approval> {
  const found = findStep(reviewed, number);
  const { action = "run", by, how } = decision;
  const digest = requireDigest(reviewed, found);
  if (decision.digest !== undefined && decision.digest !== digest) throw otherDigest(number, decision.digest, digest);
  const events = await currentEvents(reviewed);
  requireUnmoved(reviewed, found, events);
  requireFence(reviewed, found, action);
  if (action === "run") requireRunnable(reviewed, found, decision.again ?? false);
  else requireUndoable(reviewed, found, undoOrder(events));
  if (how === "demo") requireHarmless(found, action);

  const subject = subjectOf(reviewed, found, action, digest);
  const approval = await recordApproval(reviewed.meshRoot, { ...subject, by, how, at: clock().toISOString() });
  await conclude(
    { reviewed, clock },
    { type: "approved", step: number, action, digest, approval: approval.id, by, how },
  );
  return approval;
}

/** What an approval of this step has to be for. */
export function subjectOf(
  { runbook }: ReviewedRunbook,
  { step, turn, text }: ReviewedStep,
  action: Subject["action"],
  digest: string,
): Subject {
  return { runbook: runbook.id, step: step.number, action, digest, turn, text };
}

function requireRunnable(reviewed: ReviewedRunbook, found: ReviewedStep, again: boolean): void {
  const { step, state } = found;
  const { number } = step;
  requireFiles(reviewed, found);
  if (state.state === "running") throw stepError(reviewed, "running", number, "is being run now.", Exit.tryAgain);
  if (mayHaveRun(standing(state)) && !again) {
    const sentence = `is ${stateWord(standing(state))}; to run it again, say so in so many words.`;
    throw stepError(reviewed, "again", number, sentence, Exit.notPermitted);
  }
}

function requireUndoable(reviewed: ReviewedRunbook, { step }: ReviewedStep, order: readonly number[]): void {
  const { number } = step;
  if (order.includes(number)) return;
  throw stepError(reviewed, "not-run", number, "was not run; there is nothing to undo.", Exit.usage);
}

/** What nobody looked at may not be able to do harm. */
function requireHarmless({ step, target, risk }: ReviewedStep, action: Subject["action"]): void {
  if (risk[action] === "low" && target?.production === false) return;
  const sentence = `step ${step.number} is not approved in the name of the demo: that is for low risk outside of production.`;
  throw new MeshError("approval.risk", sentence, { exit: Exit.notPermitted });
}

function otherDigest(step: number, given: string, digest: string): MeshError {
  const sentence = `step ${step} is not what was approved: given ${given}, expected ${digest}. Review it again.`;
  return new MeshError("approval.void", sentence, { exit: Exit.notPermitted });
}
