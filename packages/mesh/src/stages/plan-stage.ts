import { join, relative } from "node:path";
import { MeshError, newId, sha256 } from "@memomesh/core";
import { parsePlan, planMarkdown, printPlan, type StagePlan } from "@memomesh/core/stages";
import { findingsOf, type GateFile, score } from "@memomesh/quality";
import type { Answer } from "../ask/answer.ts";
import type { Attendance } from "../ask/attend.ts";
import { textOf } from "../create.ts";
import { knownPlatform } from "../gate/platform.ts";
import { History } from "../history.ts";
import type { Mesh, MeshNode } from "../load.ts";
import { makeChange } from "../make-change.ts";
import type { FoundStage } from "./inventory.ts";
import { planTextPath } from "./kept-plan.ts";
import { openStage } from "./open.ts";
import { rulePlan } from "./rule-plan.ts";
import { isOffline, stageSession } from "./session.ts";
import { planPath } from "./stage-memo.ts";
import { checkTransition, transit } from "./transition.ts";

/** What a step of a stage has come to. */
export interface StagePlanned {
  readonly found: FoundStage;
  readonly plan?: StagePlan;
  /** Where the plan needs what the facts say is not there; each a sentence without a full stop. */
  readonly unfit?: readonly string[];
  /** What the session said; absent when none was needed. */
  readonly answer?: Answer;
}

/**
 * Has a stage planned: by the architect; by rule when that is the offline agent; and a plan that a person has put in its
 * place before is taken as it is.
 *
 * @throws MeshError `stage.state` when it is too late for a plan, `stage.plan` when the plan does not fit its form,
 * `stage.offline` when nobody is there who could make one
 */
export async function planStage(
  mesh: Mesh,
  { reference, inventory }: { readonly reference: string; readonly inventory: string | undefined },
  attendance: Attendance,
): Promise<StagePlanned> {
  const opened = await openStage(mesh, reference, inventory);
  const { node, stage, record, list } = opened;
  const inside = planPath(list, stage);
  const plan = relative(mesh.root, join(node.folder, inside));
  checkTransition(record, [{ kind: "designed", plan }]);
  const there = await textOf(join(mesh.root, plan));
  if (there !== undefined && record.state === "planned") {
    const read = parsePlan(there, plan);
    const unfit = await planFindings(mesh, { path: plan, text: there });
    await keepText(mesh, node, inside, read, `Take the plan of stage ${stage.id}`);
    const text = `The plan in \`${plan}\` was taken as it is.${unfitText(unfit)}`;
    return {
      found: await transit(mesh, opened, [{ event: { kind: "designed", plan }, by: "operator", text }]),
      plan: read,
      unfit,
    };
  }
  if (isOffline(mesh, node, opened, "architect")) {
    const made = rulePlan(stage);
    if (made === undefined) throw nobody(stage.id, plan);
    await keep(mesh, node, inside, made, `Plan stage ${stage.id} by rule`);
    const text = "Planned by rule from stages.yml; no model was asked.";
    return {
      found: await transit(mesh, opened, [{ event: { kind: "designed", plan }, by: `${node.id} (offline)`, text }]),
      plan: made,
    };
  }
  const answer = await stageSession(mesh, opened, { step: "plan" }, attendance);
  if (answer.standing !== "done") return { found: opened, answer };
  const written = (await textOf(join(mesh.root, plan))) ?? "";
  const made = parsePlan(written, plan);
  const unfit = await planFindings(mesh, { path: plan, text: written });
  const event = { kind: "designed", plan, memo: answer.memo } as const;
  const found = await transit(mesh, opened, [
    { event, by: node.id, text: `Planned: ${made.title}. The plan is \`${plan}\`.${unfitText(unfit)}` },
  ]);
  return { found, plan: made, unfit, answer };
}

/** What a plan needs that the facts about the platform say is not there. It is told, not refused: facts pass. */
async function planFindings(mesh: Mesh, file: GateFile): Promise<readonly string[]> {
  const subject = { files: [file], lessons: [], platform: await knownPlatform(mesh) };
  return findingsOf(score(subject)).flatMap(({ check, text }) => (check === "platform" ? [text] : []));
}

function unfitText(unfit: readonly string[]): string {
  return unfit.length === 0 ? "" : ` It does not fit the platform as it is known: ${unfit.join("; ")}.`;
}

function nobody(stage: string, plan: string): MeshError {
  return new MeshError(
    "stage.offline",
    `${stage} needs an architect, and the offline agent decides nothing: give a role in mesh.yml to an agent with a model (\`roles: { architect: … }\`), say under \`deploy:\` of the stage what is deployed, or write ${plan} yourself.`,
    { exit: 1 },
  );
}

async function keepText(mesh: Mesh, node: MeshNode, plan: string, read: StagePlan, subject: string): Promise<void> {
  const path = join(node.folder, planTextPath(plan));
  if ((await textOf(path)) === undefined)
    await make(mesh, node, [[path, planMarkdown(read)]], subject, [join(node.folder, plan)]);
}

async function keep(mesh: Mesh, node: MeshNode, plan: string, made: StagePlan, subject: string): Promise<void> {
  const json = [join(node.folder, plan), printPlan(made)] as const;
  await make(mesh, node, [json, [join(node.folder, planTextPath(plan)), planMarkdown(made)]], subject);
}

async function make(
  mesh: Mesh,
  node: MeshNode,
  files: readonly (readonly [path: string, text: string])[],
  subject: string,
  also: readonly string[] = [],
): Promise<void> {
  const edits = await Promise.all(
    files.map(async ([path, after]) => {
      const before = await textOf(path);
      return { path, before: before === undefined ? null : sha256(before), after };
    }),
  );
  const history = await History.open(mesh, () => {});
  try {
    const commit = { subject, trailers: [["Node", node.id]] as const };
    const changing = edits.filter(({ before, after }) => before !== sha256(after));
    await makeChange(mesh.root, history, { id: newId(Date.now()), within: node.folder, edits: changing, commit }, also);
  } finally {
    await history.close();
  }
}
