import { Exit } from "@memomesh/core";
import type { StagePlan } from "@memomesh/core/stages";
import { loadMesh, type Mesh } from "@memomesh/mesh";
import { type Answer, type Attendance, writtenFor } from "@memomesh/mesh/ask";
import type { FoundStage } from "@memomesh/mesh/stages";
import type { GateResult } from "@memomesh/quality";
import type { Command } from "commander";
import { answerLines } from "./answer-lines.ts";
import { attendanceOf, exitOf } from "./asking.ts";
import type { Output } from "./output.ts";
import { gateLines, nextCommand } from "./stage-lines.ts";
import { block, paint, text } from "./text.ts";

/** What all commands on one stage take. */
export function onStage(command: Command): Command {
  return command
    .argument("<stage>", "its id, or the beginning of it such as 1-1")
    .option("--inventory <name>", "the inventory, when several have such a stage");
}

/** A step of a stage, and what it has come to. */
export interface Step {
  readonly found: FoundStage;
  readonly plan?: StagePlan;
  readonly unfit?: readonly string[];
  readonly answer?: Answer;
  readonly gate?: GateResult;
  readonly stuck?: string;
}

/** Works on a stage with the terminal listening, and shows what came of it. Ctrl-C stops; what was asked for waits. */
export async function workAndShow(
  output: Output,
  work: (mesh: Mesh, attendance: Attendance) => Promise<Step>,
): Promise<number> {
  const mesh = await loadMesh(process.cwd());
  const stop = new AbortController();
  const abort = () => stop.abort();
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, abort);
  const attendance = attendanceOf(output, "stage", stop.signal);
  const step = await work(mesh, attendance);
  await show(mesh, step, output, attendance.followed());
  return stop.signal.aborted ? 130 : codeOf(step);
}

async function show(
  mesh: Mesh,
  { found, plan, unfit, answer, gate, stuck }: Step,
  output: Output,
  late: boolean,
): Promise<void> {
  const { stage, record } = found;
  const node = answer === undefined ? undefined : mesh.nodes.get(answer.node);
  const files = answer === undefined || node === undefined ? [] : await writtenFor(mesh, node, answer.memo, late);
  output.data({ stage: stage.id, record, plan, unfit, answer, files, gate, stuck });
  if (answer !== undefined) for (const line of answerLines(answer, files, { next: false })) output.line(line);
  output.line();
  if (plan !== undefined) {
    output.line(paint("bold", plan.title));
    output.line(block(`${plan.summary.trim()}\n\n${plan.strategy.what.trim()}\n\nWhy: ${plan.strategy.why.trim()}`));
    output.line(text`${paint("dim", `all of it: ${record.plan?.replace(/\.json$/, ".md") ?? ""}`)}`);
    output.line();
  }
  for (const each of unfit ?? []) output.line(text`${paint("yellow", "does not fit")}  ${each}`);
  if (gate !== undefined) for (const line of gateLines(gate)) output.line(line);
  if (stuck !== undefined) output.line(paint("yellow", stuck));
  output.line(text`${paint("bold", stage.id)} is ${record.state}.`);
  const review = answer?.review;
  const command =
    record.state === "gated" && review !== undefined
      ? `memomesh review ${review}`
      : nextCommand(stage.id, record.state);
  if (answer?.standing === "asked")
    output.line(
      text`${paint("cyan", "memomesh inbox")}  ${paint("dim", "answer the question, then give the same command again")}`,
    );
  else output.line(text`${paint("cyan", command)}  ${paint("dim", "comes next")}`);
}

function codeOf({ answer, gate, stuck }: Step): number {
  if (stuck !== undefined || gate?.passed === false) return Exit.failed;
  return answer === undefined ? Exit.done : exitOf(answer);
}
