import { join } from "node:path";
import { Exit, MeshError } from "@memomesh/core";
import { parsePlan, type StageEvent } from "@memomesh/core/stages";
import { findingsOf, type GateResult, improvementPlan } from "@memomesh/quality";
import type { Answer } from "../ask/answer.ts";
import type { Attendance } from "../ask/attend.ts";
import { textOf } from "../create.ts";
import { History } from "../history.ts";
import type { Mesh, MeshNode } from "../load.ts";
import { sendNotice } from "../notice.ts";
import type { FoundStage } from "./inventory.ts";
import { judgeStage } from "./judge.ts";
import { openStage } from "./open.ts";
import { isOffline, stageSession } from "./session.ts";
import { supersede } from "./supersede.ts";
import { checkTransition, transit } from "./transition.ts";

/** What the work on a stage has come to. */
export interface StageBuilt {
  readonly found: FoundStage;
  /** What the last session said; absent when none was needed. */
  readonly answer?: Answer;
  /** What the gate says of what is there now; absent when there is nothing to look at. */
  readonly gate?: GateResult;
  /** A person has to go on: nobody could bring it over the threshold. */
  readonly stuck?: string;
}

interface Wanted {
  readonly reference: string;
  readonly inventory: string | undefined;
  /** How often an agent may improve what the gate has refused. */
  readonly rounds: number;
}

type Opened = FoundStage & { readonly node: MeshNode };

/**
 * Has a stage built as it was planned, and shows the result to the gate. What is below the threshold is improved.
 *
 * @throws MeshError `stage.waits` when it stands on a stage that is not complete, `stage.state` when it has no plan,
 * `stage.plan` when a person has broken it
 */
export async function implementStage(
  mesh: Mesh,
  { reference, inventory, rounds }: Wanted,
  attendance: Attendance,
): Promise<StageBuilt> {
  const opened = await openStage(mesh, reference, inventory);
  const { stage, record, waitsFor } = opened;
  if (waitsFor.length > 0) {
    throw new MeshError("stage.waits", `${stage.id} stands on ${waitsFor.join(", ")}, which must be complete first.`, {
      exit: Exit.failed,
    });
  }
  checkTransition(record, [{ kind: "implemented" }]);
  const { plan = "" } = record;
  parsePlan((await textOf(join(mesh.root, plan))) ?? "", plan);
  return build(mesh, opened, { step: "implement" }, rounds, attendance);
}

/**
 * Improves a stage: first the gate looks again, for a person may have mended what it refused; then an agent works on what
 * is left, or on what the person wants.
 *
 * @param wish what should be better, in a person's words; "" when the gate's findings are meant
 * @throws MeshError `stage.state`, `stage.nothing` when nobody says what should be better
 */
export async function improveStage(
  mesh: Mesh,
  wanted: Wanted & { readonly wish: string },
  attendance: Attendance,
): Promise<StageBuilt> {
  const { reference, inventory, rounds, wish } = wanted;
  const opened = await openStage(mesh, reference, inventory);
  checkTransition(opened.record, [{ kind: "improving" }]);
  const open = opened.record.state === "implemented" || opened.record.state === "improving";
  const judged = open
    ? await judge(mesh, opened)
    : { found: opened, gate: await judgeStage(mesh, opened.node, opened) };
  if (wish !== "")
    return improve(
      mesh,
      { ...opened, ...judged.found },
      { step: "improve", improvement: wish },
      Math.max(1, rounds),
      attendance,
    );
  if (open && judged.gate.passed) return judged;
  if (findingsOf(judged.gate).length === 0) {
    throw new MeshError(
      "stage.nothing",
      `the gate finds nothing to improve in ${opened.stage.id}; say what should be better.`,
      {
        exit: Exit.usage,
      },
    );
  }
  const improvement = improvementPlan(judged.gate);
  return goOn(mesh, { ...opened, ...judged.found }, { ...judged, improvement }, rounds, attendance);
}

async function build(
  mesh: Mesh,
  opened: Opened,
  task: { readonly step: "implement" | "improve"; readonly improvement?: string },
  rounds: number,
  attendance: Attendance,
): Promise<StageBuilt> {
  const { node, record } = opened;
  const answer = await stageSession(mesh, opened, task, attendance);
  if (answer.standing !== "done" && answer.standing !== "prepared") return { found: opened, answer };
  const runbook = answer.runbook ?? record.runbook;
  if (answer.runbook !== undefined) await supersede(mesh, node, record, answer);
  const event: StageEvent = { kind: "implemented", memo: answer.memo, ...(runbook === undefined ? {} : { runbook }) };
  const text = runbook === undefined ? "Prepared; nothing has to run." : `Prepared; the runbook is \`${runbook}\`.`;
  const found = await transit(mesh, opened, [{ event, by: node.id, text }]);
  const judged = await judge(mesh, { ...opened, ...found });
  if (judged.gate.passed) return { ...judged, answer };
  const improvement = improvementPlan(judged.gate);
  return goOn(mesh, { ...opened, ...judged.found }, { ...judged, answer, improvement }, rounds, attendance);
}

/** Below the threshold: an agent improves it, as long as there are rounds left; then a person is told. */
async function goOn(
  mesh: Mesh,
  opened: Opened,
  { improvement, ...before }: StageBuilt & { readonly improvement: string },
  rounds: number,
  attendance: Attendance,
): Promise<StageBuilt> {
  if (isOffline(mesh, opened.node, opened, "engineer")) {
    return {
      ...before,
      stuck:
        "The offline agent improves nothing: mend the files and run `memomesh stage improve` again, or give the engineer's role an agent with a model.",
    };
  }
  if (rounds > 0) return improve(mesh, opened, { step: "improve", improvement }, rounds, attendance);
  const { stage, node } = opened;
  const stuck = `${stage.id} is below the gate's threshold, and the agent has no rounds left: mend the files and run \`memomesh stage improve\` again.`;
  await tellOperator(mesh, node, { subject: `Stage ${stage.id} needs a person`, body: `${stuck}\n\n${improvement}` });
  return { ...before, stuck };
}

async function improve(
  mesh: Mesh,
  opened: Opened,
  task: { readonly step: "improve"; readonly improvement: string },
  rounds: number,
  attendance: Attendance,
): Promise<StageBuilt> {
  const text = `Round ${opened.record.rounds + 1}: ${firstLine(task.improvement)}`;
  const found = await transit(mesh, opened, [{ event: { kind: "improving" }, by: "operator", text }]);
  return build(mesh, { ...opened, ...found }, task, rounds - 1, attendance);
}

/** Shows a stage to the gate and writes down what it says. */
async function judge(mesh: Mesh, opened: Opened): Promise<{ found: FoundStage; gate: GateResult }> {
  const gate = await judgeStage(mesh, opened.node, opened);
  const { score, threshold, passed } = gate;
  const text = `The gate gives ${score} of 100 points; ${threshold} are needed.${!passed && score >= threshold ? " A finding blocks." : ""}`;
  return {
    found: await transit(mesh, opened, [{ event: { kind: "scored", score, passes: passed }, by: "the gate", text }]),
    gate,
  };
}

async function tellOperator(mesh: Mesh, node: MeshNode, notice: { subject: string; body: string }): Promise<void> {
  const history = await History.open(mesh, () => {});
  try {
    const path = await sendNotice(mesh, node, "incoming", notice);
    history.record([path], { subject: `Tell the operator: ${notice.subject}`, trailers: [["Node", node.id]] });
  } finally {
    await history.close();
  }
}

function firstLine(markdown: string): string {
  return (
    markdown
      .replace(/^# .*\n+/, "")
      .trim()
      .split("\n", 1)[0] ?? ""
  );
}
