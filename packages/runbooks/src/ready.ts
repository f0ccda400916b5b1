import { Exit, placesOf } from "@memomesh/core";
import { missingVariables } from "./environment.ts";
import type { Phase } from "./event.ts";
import { requireUndrifted } from "./phase.ts";
import { isRunning } from "./process-identity.ts";
import { requireDigest, requireFiles, requireUnmoved, stepError } from "./refusal.ts";
import { currentEvents, type Review } from "./review.ts";
import { syntaxProblem } from "./shell.ts";
import type { ReviewedStep } from "./snapshot.ts";
import { standing, stepStates } from "./step-state.ts";

/**
 * Makes sure that a step is still what it was when it was shown, and that nothing is at it.
 *
 * @returns the digest that the decision on it is bound to
 * @throws MeshError `step.unfit` (exit 65), `step.moved` or `step.running` (exit 75)
 */
export async function requireDecidable({ reviewed }: Review, found: ReviewedStep): Promise<string> {
  const { number } = found.step;
  const digest = requireDigest(reviewed, found);
  const events = await currentEvents(reviewed);
  requireUnmoved(reviewed, found, events);
  const state = standing(stepStates(events).get(number) ?? { state: "pending" });
  if (state.state !== "uncertain" || state.process === undefined || !isRunning(state.process)) return digest;
  const sentence = `is still running as process ${state.process.pid}, left over from an earlier review; wait for it or end it.`;
  throw stepError(reviewed, "running", number, sentence, Exit.tryAgain);
}

/**
 * Makes sure that commands of a step can run, before an approval is spent on them.
 *
 * @throws MeshError `step.files`, `step.variables` or `step.syntax` (exit 65), `step.drift` (exit 77), `target.unreachable`
 *   (exit 75)
 */
export async function requireExecutable(review: Review, found: ReviewedStep, ...phases: Phase[]): Promise<void> {
  const { reviewed, environment } = review;
  const { step } = found;
  if (phases.includes("run")) requireFiles(reviewed, found);
  const missing = missingVariables(step, environment);
  if (missing.length > 0) {
    const sentence = `needs ${missing.join(", ")}, which your environment does not have. Nothing was run.`;
    throw stepError(reviewed, "variables", step.number, sentence, Exit.badData);
  }
  await requireUndrifted(reviewed, found);
  for (const place of found.target === undefined ? [] : placesOf(found.target))
    if (place.kind === "ssh") await (await review.connections.to(place)).ensure(review.signal);
  for (const phase of phases) {
    const fence = step[phase];
    const problem = fence && (await syntaxProblem(fence.text));
    if (problem === undefined) continue;
    const sentence = `has ${phase} commands that bash cannot read: ${problem}. Nothing was run.`;
    throw stepError(reviewed, "syntax", step.number, sentence, Exit.badData);
  }
}
