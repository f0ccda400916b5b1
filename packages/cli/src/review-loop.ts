import { MeshError } from "@memomesh/core";
import { openItems, type RunbookReview } from "@memomesh/mesh";
import {
  approveStep,
  checkStep,
  endText,
  markByHand,
  markEdited,
  runStep,
  type StepResult,
  skipStep,
  standing,
  stopRunbook,
  undoAll,
  undoOrder,
  undoStep,
} from "@memomesh/runbooks";
import type { Output } from "./output.ts";
import type { Asker } from "./question.ts";
import { changeLines, stepLines } from "./runbook-lines.ts";
import { block, paint, text } from "./text.ts";

/** How a review came to its end. `edited`: the file is another one now and has to be read again. */
export type ReviewEnd = "finished" | "stopped" | "edited";

/** Opens the runbook in the person's editor and returns the digest of what it holds afterwards. */
type Edit = () => Promise<string>;

type Choice = "run" | "again" | "hand" | "check" | "edit" | "skip" | "undo" | "undo-all" | "stop";

/** The keys that a person can type, and what is written beside them. */
const keys: Readonly<Record<Choice, readonly [key: string, says: string]>> = {
  run: ["r", "run it"],
  again: ["again", "run it again"],
  hand: ["h", "done by hand"],
  check: ["c", "run its check"],
  edit: ["e", "edit the runbook"],
  skip: ["s", "skip"],
  undo: ["u", "undo it"],
  "undo-all": ["all", "undo all that ran"],
  stop: ["q", "stop here"],
};

/**
 * Goes through the open steps of a runbook with a person: shows each, asks, does what was decided, shows what came of it.
 *
 * @param edit undefined when the runbook cannot be edited here
 */
export async function reviewLoop(
  review: RunbookReview,
  asker: Asker,
  output: Output,
  edit: Edit | undefined,
): Promise<ReviewEnd> {
  for (;;) {
    await review.refresh();
    const { next } = await review.progress();
    if (next === undefined) return "finished";
    const step = review.step(next.step);
    output.line();
    for (const line of [...stepLines(step), ...changeLines(step)]) output.line(line);
    output.line();
    const choice = await chooseFor(review, asker, output, next.step, next.action, edit !== undefined);
    const end = await act(review, asker, output, next.step, choice, edit);
    if (end !== undefined) return end;
  }
}

async function chooseFor(
  review: RunbookReview,
  asker: Asker,
  output: Output,
  number: number,
  action: "decide" | "resolve" | "check" | "repair",
  editable: boolean,
): Promise<Choice> {
  const { step, problems, state } = review.step(number);
  if (action === "resolve") {
    output.line(
      text`${paint("yellow", "It is not known whether this step ran to its end:")} it was started, and nothing tells how it ended. Look at the target before you decide.`,
    );
  }
  const can = {
    run: step.run !== undefined && problems.length === 0,
    undo: step.undo !== undefined,
    check: step.check !== undefined,
  };
  const offered: Record<typeof action, readonly (Choice | false)[]> = {
    decide: [can.run && "run", "hand", editable && "edit", "skip", "stop"],
    resolve: [can.undo && "undo", can.run && "again", "hand", "skip", "stop"],
    check: [can.check && "check", can.undo && "undo", "stop"],
    repair: [can.undo && "undo", "undo-all", can.run && "again", "hand", editable && "edit", "skip", "stop"],
  };
  const choices = offered[action].filter((choice) => choice !== false);
  if (standing(state).state === "failed")
    output.line(text`${paint("red", "This step failed.")} What ran before it stays in place until you undo it.`);
  const menu = choices
    .map((choice) => text`${paint("bold", keys[choice][0])} ${keys[choice][1]}`)
    .reduce((all, each) => text`${all}   ${each}`);
  output.line(menu);
  const answer = await asker.choose(
    `Step ${number}? `,
    Object.fromEntries(choices.map((choice) => [keys[choice][0], choice])),
  );
  return answer ?? "stop";
}

async function act(
  review: RunbookReview,
  asker: Asker,
  output: Output,
  number: number,
  choice: Choice,
  edit: Edit | undefined,
): Promise<ReviewEnd | undefined> {
  const { current } = review;
  const { by } = current;
  try {
    switch (choice) {
      case "run":
      case "again":
        await approveStep(current.reviewed, number, { by, how: "terminal", again: choice === "again" });
        report(review, output, number, "Run", await runStep(current, number));
        return undefined;
      case "hand": {
        const remark = await asker.ask("What did you do, if it was not what the step says? ");
        report(review, output, number, "Do by hand", await markByHand(current, number, remark));
        return undefined;
      }
      case "check":
        report(review, output, number, "Check", await checkStep(current, number));
        return undefined;
      case "undo":
        await approveStep(current.reviewed, number, { by, how: "terminal", action: "undo" });
        report(review, output, number, "Undo", await undoStep(current, number));
        return undefined;
      case "undo-all":
        return await undoEverything(review, asker, output);
      case "skip": {
        const reason = await asker.ask("Why is it skipped? ");
        if (reason === undefined) return undefined;
        await skipStep(current, number, reason);
        review.recordStep(number, "Skip");
        return undefined;
      }
      case "edit":
        if (edit === undefined) return undefined;
        asker.pause();
        await markEdited(current, await edit());
        return "edited";
      case "stop":
        await stopRunbook(current);
        output.line(text`stopped; what is not decided waits`);
        return "stopped";
    }
  } catch (error) {
    if (!(error instanceof MeshError)) throw error;
    output.line(text`${paint("red", "not done:")} ${error.sentence}`);
    return undefined;
  }
}

async function undoEverything(review: RunbookReview, asker: Asker, output: Output): Promise<undefined> {
  const { current } = review;
  const order = undoOrder(current.reviewed.journal.events);
  for (const number of order) {
    const { step } = review.step(number);
    output.line(text`${paint("bold", `Undo of step ${number}: ${step.title}`)}`);
    for (const line of (step.undo?.text ?? "(it has no undo and stays as it is)").split("\n"))
      output.line(text`    ${block(line)}`);
  }
  const answer = await asker.choose(
    `Undo ${order.length === 1 ? "it" : `these ${order.length}, in this order`} (yes, no)? `,
    { yes: true, no: false },
  );
  if (!answer) return undefined;
  const { undone } = await undoAll(current, "terminal");
  for (const result of undone) report(review, output, result.step, "Undo", result);
  return undefined;
}

function report(
  review: RunbookReview,
  output: Output,
  number: number,
  what: string,
  { execution, check, state }: StepResult,
): void {
  if (execution !== undefined)
    output.line(
      text`  ${paint(execution.end.kind === "exited" && execution.end.exit === 0 ? "green" : "red", endText(execution.end))}`,
    );
  if (check !== undefined)
    output.line(
      text`  check: ${paint(check.end.kind === "exited" && check.end.exit === 0 ? "green" : "red", endText(check.end))}`,
    );
  review.recordStep(number, `${what}${standing(state).state === "failed" ? ", without success," : ""}`);
}

/** Asks which action items of the memo are done now, and completes it. */
export async function completeMemo(review: RunbookReview, asker: Asker, output: Output): Promise<void> {
  const waiting = await review.waitingMemo();
  if (waiting === undefined) return;
  const items = openItems(waiting.memo);
  let done = items.map(({ index }) => index);
  if (items.length > 0) {
    output.line();
    output.line(text`All steps are decided. Action items of "${waiting.memo.header.subject}" that are not ticked yet:`);
    items.forEach((item, index) => void output.line(text`  ${index + 1}  ${item.text}`));
    const answer = await asker.ask("Which of them are done? (Enter: all; or numbers; none) ");
    if (answer === undefined || answer === "none") done = [];
    else if (answer !== "") done = answer.split(/[\s,]+/).flatMap((number) => items[Number(number) - 1]?.index ?? []);
  }
  await review.complete(waiting, done);
  output.line(text`${paint("green", "done")}  the memo is completed, archived and committed`);
}
