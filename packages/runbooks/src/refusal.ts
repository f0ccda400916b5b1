import { Exit, type Fence, MeshError } from "@memomesh/core";
import type { JournalEvent, Phase } from "./event.ts";
import { fileLacks } from "./file-lacks.ts";
import type { ReviewedRunbook, ReviewedStep } from "./snapshot.ts";
import { stateWord } from "./state-word.ts";
import { isFulfilled, isSettled, type StepState, standing, stepStates, turnOf } from "./step-state.ts";

/**
 * The step of that number.
 *
 * @throws MeshError `step.unknown` (exit 2)
 */
export function findStep({ runbook, steps }: ReviewedRunbook, number: number): ReviewedStep {
  const found = steps.find(({ step }) => step.number === number);
  if (found !== undefined) return found;
  const sentence = `there is no step ${number}; the runbook has steps 1 to ${steps.length}.`;
  throw new MeshError("step.unknown", sentence, { place: { file: runbook.file }, exit: Exit.usage });
}

/**
 * The digest that a decision on a step is bound to.
 *
 * @throws MeshError `step.unfit` (exit 65) when the step cannot be approved as it is
 */
export function requireDigest(reviewed: ReviewedRunbook, { step, digest, problems }: ReviewedStep): string {
  if (digest !== undefined) return digest;
  throw stepError(reviewed, "unfit", step.number, `cannot be approved: ${problems.join(" ")}`, Exit.badData);
}

/**
 * Refuses an action on a step that somebody has run, undone, done by hand or skipped since it was looked at.
 *
 * @throws MeshError `step.moved` (exit 75)
 */
export function requireUnmoved(
  reviewed: ReviewedRunbook,
  { step, turn }: ReviewedStep,
  now: readonly JournalEvent[],
): void {
  if (turnOf(now, step.number) === turn) return;
  const sentence = "was run, undone, done by hand or skipped since it was shown; look at it again.";
  throw stepError(reviewed, "moved", step.number, sentence, Exit.tryAgain);
}

/**
 * Refuses a step whose time has not come: the steps it needs must be in place, and every earlier step must be decided.
 *
 * @throws MeshError `step.needs` or `step.order` (exit 77)
 */
export function requireItsTurn(reviewed: ReviewedRunbook, { step }: ReviewedStep, now: readonly JournalEvent[]): void {
  const states = stepStates(now);
  const stateOf = (number: number): StepState => states.get(number) ?? { state: "pending" };
  const needed = step.needs.steps.find((number) => !isFulfilled(stateOf(number)));
  if (needed !== undefined) {
    const sentence = `needs step ${needed}, which is ${stateWord(standing(stateOf(needed)))}. Nothing was run.`;
    throw stepError(reviewed, "needs", step.number, sentence, Exit.notPermitted);
  }
  const open = reviewed.steps.find((each) => each.step.number < step.number && !isSettled(stateOf(each.step.number)));
  if (open !== undefined) {
    const { number } = open.step;
    const sentence = `comes after step ${number}, which is ${stateWord(standing(stateOf(number)))}; run that, do it by hand or skip it first. Nothing was run.`;
    throw stepError(reviewed, "order", step.number, sentence, Exit.notPermitted);
  }
}

/**
 * The step's commands.
 *
 * @throws MeshError `step.manual` or `step.no-check` or `step.no-undo` (exit 2) when it has none of that kind
 */
export function requireFence(reviewed: ReviewedRunbook, { step }: ReviewedStep, phase: Phase): Fence {
  const fence = step[phase];
  if (fence !== undefined) return fence;
  if (phase !== "run") throw stepError(reviewed, `no-${phase}`, step.number, `has no ${phase}.`, Exit.usage);
  throw stepError(reviewed, "manual", step.number, "has nothing to run; do it by hand and say so.", Exit.usage);
}

/**
 * Refuses to run a step without the files that it needs.
 *
 * @throws MeshError `step.files` (exit 65)
 */
export function requireFiles(reviewed: ReviewedRunbook, found: ReviewedStep): void {
  const lacks = fileLacks(found);
  if (lacks.length === 0) return;
  throw stepError(reviewed, "files", found.step.number, `${lacks.join(", and ")}. Nothing was run.`, Exit.badData);
}

/**
 * Refuses to undo what was not run.
 *
 * @param order the steps that can be undone, as `undoOrder` gives them
 * @throws MeshError `step.not-run` (exit 2)
 */
export function requireUndoable(reviewed: ReviewedRunbook, { step }: ReviewedStep, order: readonly number[]): void {
  const { number } = step;
  if (order.includes(number)) return;
  throw stepError(reviewed, "not-run", number, "was not run; there is nothing to undo.", Exit.usage);
}

export function stepError(
  reviewed: ReviewedRunbook,
  code: string,
  step: number,
  sentence: string,
  exit: number,
): MeshError {
  const line = reviewed.runbook.steps.find(({ number }) => number === step)?.line;
  const place = { file: reviewed.runbook.file, ...(line === undefined ? {} : { line }) };
  return new MeshError(`step.${code}`, `step ${step} ${sentence}`, { place, exit });
}
