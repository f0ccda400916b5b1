import {
  approveStep,
  checkStep,
  markByHand,
  markEdited,
  runStep,
  skipStep,
  stopRunbook,
  undoAll,
  undoOrder,
  undoStep,
} from "@memomesh/runbooks";
import type { Choice } from "./review-choices.ts";
import type { Attended, ReviewEnd } from "./review-loop.ts";
import { runFollowing } from "./run-following.ts";
import { fenceLines } from "./step-lines.ts";
import { reportStep } from "./step-report.ts";
import { paint, text } from "./text.ts";

/**
 * Does what a person has chosen.
 *
 * @returns how the review ends, when it ends with that
 * @throws MeshError when it is refused; nothing was run then
 */
export async function act(attended: Attended, number: number, choice: Choice): Promise<ReviewEnd | undefined> {
  const { review, output, screen, edit } = attended;
  const { current } = review;
  const { by, reviewed } = current;
  switch (choice) {
    case "run":
    case "again":
      await approveStep(reviewed, number, { by, how: "terminal", again: choice === "again" });
      reportStep(attended, number, "run", await screen.during(() => runStep(current, number)));
      return undefined;
    case "following":
      await runFollowing(attended, number);
      return undefined;
    case "hand":
      await doneByHand(attended, number);
      return undefined;
    case "check":
      reportStep(attended, number, "check", await screen.during(() => checkStep(current, number)));
      return undefined;
    case "undo":
      await approveStep(reviewed, number, { by, how: "terminal", action: "undo" });
      reportStep(attended, number, "undo", await screen.during(() => undoStep(current, number)));
      return undefined;
    case "undo-all":
      await undoEverything(attended);
      return undefined;
    case "skip":
      await skip(attended, number);
      return undefined;
    case "edit": {
      const digest = await edit?.();
      if (digest === undefined || digest === reviewed.sourceDigest) {
        output.line(text`  nothing was changed`);
        return undefined;
      }
      await markEdited(current, digest);
      return "edited";
    }
    case "stop":
      await stopRunbook(current);
      output.line(text`Stopped. What is not decided waits; memomesh review takes it up again.`);
      return "stopped";
  }
}

async function doneByHand(attended: Attended, number: number): Promise<void> {
  const { review, asker, screen } = attended;
  const remark = await asker.ask("What did you do? (Enter: what the step says; Ctrl-C: nothing) ");
  if (remark === undefined) return;
  reportStep(attended, number, "hand", await screen.during(() => markByHand(review.current, number, remark)));
}

async function skip({ review, asker, output }: Attended, number: number): Promise<void> {
  const reason = await asker.ask("Why is it skipped? ");
  if (reason === undefined || reason === "") {
    output.line(text`  not skipped: a reason is needed`);
    return;
  }
  await skipStep(review.current, number, reason);
  review.recordStep(number, "Skip");
  const dependent = review.current.reviewed.steps.filter(({ step }) => step.needs.steps.includes(number));
  const numbers = dependent.map(({ step }) => step.number).join(", ");
  output.line(
    text`  ${paint("yellow", "skipped")}${numbers === "" ? "" : `  needed by ${numbers}, which cannot run without it`}`,
  );
}

async function undoEverything(attended: Attended): Promise<void> {
  const { review, asker, output, screen } = attended;
  const { current } = review;
  const order = undoOrder(current.reviewed.journal.events);
  for (const number of order) {
    const step = review.step(number);
    output.line();
    output.line(paint("bold", text`Undo of step ${number}: ${step.step.title}`));
    if (step.step.undo === undefined) output.line(text`  It has none and stays as it is.`);
    for (const line of fenceLines(step, ["undo"], { width: output.columns })) output.line(line);
  }
  output.line();
  const what = order.length === 1 ? "it" : `these ${order.length}, in this order`;
  if (!(await asker.choose(`Undo ${what} (yes, no)? `, { yes: true, no: false }))) return;
  const { undone } = await screen.during(() => undoAll(current, "terminal"));
  for (const result of undone) {
    output.line(text`Undo of step ${result.step}`);
    reportStep(attended, result.step, "undo", result);
  }
}
