import { judgedRequest, type Mesh, type RunbookFile, stepVariables } from "@memomesh/mesh";
import { endText, type Look, lookAt, openRunbook, type Rehearsed, rehearsal } from "@memomesh/runbooks";
import { shown } from "./here.ts";
import type { Output } from "./output.ts";
import type { Asker } from "./question.ts";
import type { Attended } from "./review-loop.ts";
import { overviewLines } from "./runbook-lines.ts";
import { stepLines } from "./step-lines.ts";
import { StepScreen } from "./step-screen.ts";
import { paint, text } from "./text.ts";

interface Rehearsal {
  readonly mesh: Mesh;
  readonly file: RunbookFile;
  readonly by: { readonly name: string; readonly email: string };
  readonly output: Output;
  /** The person at the terminal; without one nothing is run. */
  readonly asker: Asker | undefined;
}

/**
 * Shows what would run where and what stands in its way; then runs, when the person wants it, the previews and checks
 * that only look. Nothing is approved, written down or changed.
 *
 * @returns whether every step could run as things are now
 */
export async function rehearse({ mesh, file, by, output, asker }: Rehearsal): Promise<boolean> {
  const reviewed = await openRunbook(await judgedRequest(mesh, file));
  const screen = new StepScreen(output);
  const environment = await stepVariables(mesh, reviewed.runbook.steps, process.env);
  const options = { by, environment, onOutput: screen.write };
  const steps = await rehearsal(reviewed, options);
  output.data({ steps: steps.map(({ step, ...found }) => ({ number: step.step.number, ...found })) });
  const layout = { width: output.columns };
  for (const line of overviewLines(reviewed, shown(file.path), layout)) output.line(line);
  for (const each of steps) {
    output.line();
    for (const line of stepLines(each.step, { ...layout, of: steps.length })) output.line(line);
    showObstacles(each, output);
  }
  const looks = steps.flatMap((each) => each.looks);
  output.line();
  const isWanted =
    asker !== undefined &&
    looks.length > 0 &&
    (await asker.choose(`Run ${looks.length} previews and checks, which only look (yes, no)? `, {
      yes: true,
      no: false,
    }));
  for (const look of isWanted ? looks : []) {
    const stop = new AbortController();
    const release = asker?.onInterrupt(() => stop.abort());
    output.line(paint("bold", text`Step ${look.step}: ${look.kind}`));
    const { end } = await screen.during(() => lookAt(reviewed, look, { ...options, signal: stop.signal }));
    output.line(text`  ${endText(end)}`);
    release?.();
    if (stop.signal.aborted) break;
  }
  output.line(text`Nothing was changed.`);
  return steps.every(({ obstacles }) => obstacles.length === 0);
}

function showObstacles({ obstacles, would, left }: Rehearsed, output: Output): void {
  for (const each of would) output.line(text`  ${paint("dim", "it would")}  ${each}`);
  for (const obstacle of obstacles) output.line(text`  ${paint("red", "in its way")}  ${obstacle}`);
  for (const { kind, why } of left) output.line(text`  ${paint("dim", "not now")}  its ${kind} is not run now: ${why}`);
}

/** Runs one preview in the middle of a review, and shows what it prints. */
export async function showLook({ review, output, screen }: Attended, look: Look): Promise<void> {
  const { lock: _, reviewed, ...options } = review.current;
  const { end } = await screen.during(() => lookAt(reviewed, look, options));
  output.line(text`  ${endText(end)}; nothing was changed`);
}
