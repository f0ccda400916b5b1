import { Exit, MeshError } from "@memomesh/core";
import type { RunbookReview } from "@memomesh/mesh";
import {
  approvalRule,
  mayBeSame,
  type NextAction,
  type Person,
  type ReviewedStep,
  standing,
  stateWord,
  undoOrder,
} from "@memomesh/runbooks";
import type { Output } from "./output.ts";
import type { Asker } from "./question.ts";
import { answersFor, type Choice, choicesFor, keysFor, menuLines } from "./review-choices.ts";
import { lowRiskFrom } from "./run-following.ts";
import { act } from "./step-action.ts";
import { changeLines, fenceLines, stepLines } from "./step-lines.ts";
import type { StepScreen } from "./step-screen.ts";
import { paint, text } from "./text.ts";

/** How a review came to its end. `edited`: the file is another one now and has to be read again. */
export type ReviewEnd = "finished" | "stopped" | "edited";

/** A person in front of a runbook. */
export interface Attended {
  readonly review: RunbookReview;
  readonly asker: Asker;
  readonly output: Output;
  /** Where the output of a running step goes. */
  readonly screen: StepScreen;
  /** Opens the runbook in the person's editor; undefined where it cannot be edited. Gives the digest of what it holds then. */
  readonly edit: (() => Promise<string>) | undefined;
}

/**
 * Goes through the open steps of a runbook with a person: shows each, asks, does what was decided, shows what came of it.
 * Ctrl-C ends the command that runs; at a question it stops the review.
 */
export async function reviewLoop(attended: Attended): Promise<ReviewEnd> {
  const { review, asker, output } = attended;
  let shown: string | undefined;
  for (;;) {
    const stop = new AbortController();
    const release = asker.onInterrupt(() => stop.abort());
    try {
      await review.refresh(stop.signal);
      const { next, total } = await review.progress();
      if (next === undefined) return "finished";
      const step = review.step(next.step);
      const now = `${step.step.number} ${step.digest}`;
      output.line();
      if (now !== shown) show(step, total, output);
      else remind(step, next.action, output);
      shown = now;
      const choice = await chooseFor(attended, step, next.action);
      const end = await act(attended, next.step, choice);
      if (end !== undefined) return end;
    } catch (error) {
      // What was refused has not happened; the person decides anew on what is there now.
      if (!(error instanceof MeshError) || error.exit === Exit.bug) throw error;
      output.line(text`${paint("red", "not done")}  ${error.sentence}`);
    } finally {
      release();
    }
  }
}

function show(step: ReviewedStep, of: number, output: Output): void {
  const layout = { width: output.columns, of };
  for (const line of [...stepLines(step, layout), ...changeLines(step, layout)]) output.line(line);
}

/** A step that was shown before: its title, how it stands, and after a failure what is decided on now. */
function remind(step: ReviewedStep, action: NextAction["action"], output: Output): void {
  const state = standing(step.state);
  const word = state.state === "pending" ? "" : text`  ${paint("yellow", stateWord(state))}`;
  output.line(text`${paint("bold", `Step ${step.step.number}: ${step.step.title}`)}${word}`);
  if (action === "decide") return;
  for (const line of fenceLines(step, ["check", "undo"], { width: output.columns })) output.line(line);
}

/** Whether this person has done their part of an approval that takes several. */
function awaitsOthers({ risk, target, approvals: { run } }: ReviewedStep, by: Person): boolean {
  return run.length < approvalRule(risk.run, target).people && run.some((given) => mayBeSame(given.by, by));
}

const situations: Readonly<Record<NextAction["action"], string | undefined>> = {
  decide: undefined,
  check: "It ran, and its check has not told yet whether it worked.",
  repair: "What ran before stays in place until you undo it.",
  resolve: "It was started, and nothing tells how it ended. Look at the target before you decide.",
};

async function chooseFor(attended: Attended, step: ReviewedStep, action: NextAction["action"]): Promise<Choice> {
  const { review, asker, output, edit } = attended;
  const { reviewed } = review.current;
  const says = situations[action];
  output.line();
  if (says !== undefined) output.line(text`  ${paint("yellow", says)}`);
  const undoable = undoOrder(reviewed.journal.events).filter((number) => reviewed.steps[number - 1]?.step.undo);
  const situation = {
    action,
    step,
    following: lowRiskFrom(reviewed, step.step.number).length,
    undoable: undoable.length,
    editable: edit !== undefined,
    awaits: awaitsOthers(step, review.current.by),
  };
  const choices = choicesFor(situation);
  for (const line of menuLines(situation, choices, output.columns)) output.line(line);
  return (await asker.choose(`Step ${step.step.number}? `, answersFor(choices), keysFor(choices))) ?? "stop";
}
