import { type Execution, endText, type Standing, type StepResult, standing } from "@memomesh/runbooks";
import type { Attended } from "./review-loop.ts";
import { paint, type Text, text } from "./text.ts";

/** What a person has had done to a step. */
export type Deed = "run" | "hand" | "check" | "undo";

/** How the history says it: when it worked, and when it did not. */
export const subjects: Readonly<Record<Deed, readonly [worked: string, failed: string]>> = {
  run: ["Run", "Fail to run"],
  hand: ["Do by hand", "Fail the check of"],
  check: ["Check", "Fail the check of"],
  undo: ["Undo", "Fail to undo"],
};

/** Tells in one line what came of it, and puts it into the history. */
export function reportStep({ review, output }: Attended, number: number, deed: Deed, result: StepResult): void {
  const { state } = standing(result.state);
  const worked = state === "done" || state === "by-hand" || state === "undone";
  for (const line of resultLines(result, worked)) output.line(line);
  // A command that was not started has changed nothing, and is no part of the history.
  if (result.execution?.end.kind !== "not-started") review.recordStep(number, subjects[deed][worked ? 0 : 1]);
}

function resultLines({ execution, check, state }: StepResult, worked: boolean): Text[] {
  const word = worked ? paint("green", "done") : paint("red", troubleWord(standing(state).state));
  const told = [
    ...(execution === undefined ? [] : [ended(execution)]),
    ...(check === undefined ? [] : [isGood(check) ? "check passed" : `its check: ${ended(check)}`]),
  ];
  const leftovers = execution?.leftovers === true || check?.leftovers === true;
  return [
    text`  ${word}  ${told.join("; ")}`,
    ...(leftovers ? [text`  Processes that it left behind were ended.`] : []),
  ];
}

function troubleWord(state: Standing["state"]): string {
  return state === "failed" || state === "uncertain" ? state : "not done";
}

function ended(execution: Execution): string {
  const seconds = (execution.milliseconds / 1000).toFixed(1);
  return isGood(execution) ? `in ${seconds} s` : `${endText(execution.end)} after ${seconds} s`;
}

function isGood({ end }: Execution): boolean {
  return end.kind === "exited" && end.exit === 0;
}
