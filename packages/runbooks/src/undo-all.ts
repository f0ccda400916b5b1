import type { Approval } from "./approval.ts";
import { approveStep } from "./approve-step.ts";
import { currentEvents, type Review } from "./review.ts";
import { type StepResult, undoStep } from "./run-step.ts";
import { undoOrder } from "./step-state.ts";

export interface UndoAllResult {
  /** In the order in which they were undone; the last one may have failed. */
  readonly undone: readonly StepResult[];
  /** Steps that ran and have no undo, the latest first. They stay as they are. */
  readonly without: readonly number[];
}

/**
 * Undoes everything that ran, the latest first, and stops at the first undo that fails. The reviewer has been shown all
 * these undos; this is their decision on each of them.
 */
export async function undoAll(review: Review, how: Approval["how"]): Promise<UndoAllResult> {
  const { reviewed, by, clock } = review;
  const order = undoOrder(await currentEvents(reviewed));
  const undoable = order.filter((number) => reviewed.steps.some(({ step }) => step.number === number && step.undo));
  const without = order.filter((number) => !undoable.includes(number));
  const undone: StepResult[] = [];
  for (const number of undoable) {
    await approveStep(reviewed, number, { by, how, action: "undo" }, clock);
    const result = await undoStep(review, number);
    undone.push(result);
    if (result.state.state !== "undone") break;
  }
  return { undone, without };
}
