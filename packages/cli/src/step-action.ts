import {
  approvalRule,
  checkStep,
  markByHand,
  markEdited,
  markUndone,
  type ReviewedStep,
  runStep,
  skipStep,
  stopRunbook,
  undoAll,
  undoOrder,
  undoStep,
  withdrawApproval,
} from "@memomesh/runbooks";
import { showLook } from "./rehearse.ts";
import type { Choice } from "./review-choices.ts";
import type { Attended, ReviewEnd } from "./review-loop.ts";
import { runFollowing } from "./run-following.ts";
import { approveAtTerminal, signsHere } from "./step-approval.ts";
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
      if (!(await approveAtTerminal(attended, number, "run", choice === "again"))) return undefined;
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
      await undoOne(attended, number);
      return undefined;
    case "undone":
      await undoneByHand(attended, number);
      return undefined;
    case "preview":
      await showLook(attended, { step: number, kind: "preview" });
      return undefined;
    case "withdraw":
      await withdrawApproval(reviewed, number, by);
      review.recordStep(number, "Withdraw the approval of");
      output.line(text`  withdrawn`);
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
  if (!(await saysSo(attended, number, "run"))) return;
  const remark = await asker.ask("What did you do? (Enter: what the step says; Ctrl-C: nothing) ");
  if (remark === undefined) return;
  reportStep(attended, number, "hand", await screen.during(() => markByHand(review.current, number, remark)));
}

async function undoneByHand(attended: Attended, number: number): Promise<void> {
  const { review, asker } = attended;
  if (!(await saysSo(attended, number, "undo"))) return;
  const remark = await asker.ask("What did you do? (Enter: what the undo says; Ctrl-C: nothing) ");
  if (remark === undefined) return;
  reportStep(attended, number, "undo", await markUndone(review.current, number, remark));
}

/** What this program never runs is done only when a person types so. */
async function saysSo({ review, asker, output }: Attended, number: number, action: "run" | "undo"): Promise<boolean> {
  const { risk, target } = review.step(number);
  if (approvalRule(risk[action], target).manner !== "by-hand") return true;
  const wanted = `${action === "run" ? "done" : "undone"} on ${target?.name}`;
  if ((await asker.ask(`When you have done it yourself, type "${wanted}": `)) === wanted) return true;
  output.line(text`  nothing was noted`);
  return false;
}

async function undoOne(attended: Attended, number: number): Promise<boolean> {
  const { review, screen } = attended;
  if (!(await approveAtTerminal(attended, number, "undo"))) return false;
  const result = await screen.during(() => undoStep(review.current, number));
  reportStep(attended, number, "undo", result);
  return result.state.state === "undone";
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
  const together = order.every((number) => isHarmless(review.step(number))) && !signsHere(review);
  if (!together) return await undoEach(attended, order);
  const what = order.length === 1 ? "it" : `these ${order.length}, in this order`;
  if (!(await asker.choose(`Undo ${what} (yes, no)? `, { yes: true, no: false }))) return;
  const { undone } = await screen.during(() => undoAll(current, "terminal"));
  for (const result of undone) {
    output.line(text`Undo of step ${result.step}`);
    reportStep(attended, result.step, "undo", result);
  }
}

function isHarmless({ step, risk, target }: ReviewedStep): boolean {
  return step.undo === undefined || approvalRule(risk.undo, target).manner === "together";
}

/** Where one word is not enough for all, each undo is decided on by itself. It stops at the first that is not done. */
async function undoEach(attended: Attended, order: readonly number[]): Promise<void> {
  const { review, asker } = attended;
  const { signal } = review.current;
  for (const number of order.filter((each) => review.step(each).step.undo !== undefined)) {
    await review.refresh(signal);
    if (!(await asker.choose(`Undo step ${number} (yes, no)? `, { yes: true, no: false }))) return;
    if (!(await undoOne(attended, number))) return;
  }
}
