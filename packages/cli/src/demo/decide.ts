import { relative } from "node:path";
import { MeshError } from "@memomesh/core";
import { findRunbook, History, type Mesh, openItems, RunbookReview } from "@memomesh/mesh";
import { approveStep, runStep, skipStep, standing, stateWord } from "@memomesh/runbooks";
import { completeMemo } from "../memo-completion.ts";
import type { Output } from "../output.ts";
import { personHere } from "../person.ts";
import type { Asker } from "../question.ts";
import { reviewLoop } from "../review-loop.ts";
import { overviewLines } from "../runbook-lines.ts";
import { riskText, stepLines } from "../step-lines.ts";
import { StepScreen } from "../step-screen.ts";
import { paint, text } from "../text.ts";
import { usualWidth } from "./tell.ts";

/** In whose name low-risk steps are approved when nobody is there to be asked. */
const nobody = { name: "demo", email: "demo@localhost" };

interface Decision {
  readonly mesh: Mesh;
  /** The runbook's path in the folder of its node. */
  readonly runbook: string;
  readonly output: Output;
  /** The person at the terminal; undefined when there is none. */
  readonly asker: Asker | undefined;
  /** A step that is shown whole although nobody is there to read it before it runs. */
  readonly example?: number;
}

/** Has a runbook decided: by the person, or in the name of `demo` where there is none. */
export async function decide({ mesh, runbook, output, asker, example }: Decision): Promise<void> {
  const file = await findRunbook(mesh, runbook, mesh.root);
  const history = await History.open(mesh, () => {});
  const screen = new StepScreen(output);
  const by = asker === undefined ? nobody : await personHere(history);
  const onOutput = asker === undefined ? {} : { onOutput: screen.write };
  const review = await RunbookReview.open(mesh, file, history, { by, environment: process.env, ...onOutput });
  try {
    if (asker === undefined) {
      await approveLowRisk(review, output, example);
    } else {
      const shown = (path: string) => relative(mesh.root, path);
      const layout = { width: output.columns, most: 4 };
      output.line();
      for (const line of overviewLines(review.current.reviewed, shown(file.path), layout)) output.line(line);
      const end = await reviewLoop({ review, asker, output, screen, edit: undefined });
      if (end === "finished") await completeMemo(review, asker, output, shown);
    }
  } finally {
    await review.close();
    await history.close();
  }
}

async function approveLowRisk(review: RunbookReview, output: Output, example: number | undefined): Promise<void> {
  const { steps } = review.current.reviewed;
  const width = Math.max(...steps.map(({ step }) => step.title.length));
  if (example !== undefined && steps[example - 1] !== undefined) {
    output.line();
    const layout = { width: (output.columns ?? usualWidth) - 3, of: steps.length };
    for (const line of stepLines(review.step(example), layout)) output.line(text`   ${line}`);
  }
  output.line();
  for (const { step, risk } of steps) {
    const came = await approveIfLow(review, step.number);
    const row = text`${step.number}  ${step.title.padEnd(width)}  ${riskText(risk.run)}`;
    output.line(text`   ${row}  ${came === "done" ? paint("green", came) : paint("yellow", came)}`);
    if (came === "failed") return;
  }
  const memo = await review.waitingMemo();
  if (memo === undefined) return;
  const { fulfilled, total } = await review.progress();
  await review.complete(memo, fulfilled === total ? openItems(memo.memo).map(({ index }) => index) : []);
}

/** Runs a step when nobody has to be asked for it; else it is left out, and with it what needs it. */
async function approveIfLow(review: RunbookReview, number: number): Promise<string> {
  await review.refresh();
  try {
    await approveStep(review.current.reviewed, number, { by: nobody, how: "demo" });
    const state = standing((await runStep(review.current, number)).state);
    review.recordStep(number, state.state === "done" ? "Run" : "Fail to run");
    return stateWord(state);
  } catch (error) {
    if (!(error instanceof MeshError)) throw error;
    await skipStep(review.current, number, error.sentence);
    review.recordStep(number, "Skip");
    return "left out: a person has to decide";
  }
}
