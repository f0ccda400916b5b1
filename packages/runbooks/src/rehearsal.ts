import { placesOf, type StepTarget } from "@memomesh/core";
import type { Classification } from "@memomesh/guard";
import { Connections } from "./connections.ts";
import { missingVariables } from "./environment.ts";
import type { Execution } from "./execute.ts";
import { executeText } from "./execute-text.ts";
import { fileLacks } from "./file-lacks.ts";
import { foreseeUpload } from "./foresee-upload.ts";
import { ownFolder } from "./own-folder.ts";
import { probeTarget } from "./probe-target.ts";
import type { ReviewOptions } from "./review.ts";
import { syntaxProblem } from "./shell.ts";
import type { ReviewedRunbook, ReviewedStep } from "./snapshot.ts";
import { status } from "./tree.ts";

/** A preview or a check that can be run before the step, because it only looks. */
export interface Look {
  readonly step: number;
  readonly kind: "preview" | "check";
}

/** One step of a rehearsal, before anything is run. */
export interface Rehearsed {
  readonly step: ReviewedStep;
  /** What stands in the way of the step as things are now, in sentences without a full stop. */
  readonly obstacles: readonly string[];
  /** What a review would do by itself, an upload at each place included, in sentences without a full stop. */
  readonly would: readonly string[];
  readonly looks: readonly Look[];
  /** Previews and checks that are not run in a rehearsal, and why. */
  readonly left: readonly { readonly kind: Look["kind"]; readonly why: string }[];
}

const harmless: ReadonlySet<string> = new Set(["read", "network"]);
/** What a dry run has that asks a live host: `rsync -n`, `terraform plan`. */
const asking: ReadonlySet<string> = new Set(["read", "live-infrastructure"]);

/** Whether commands change nothing, as far as the guard can tell. */
export function onlyLooks({ risk, effects }: Classification): boolean {
  const looking = { low: harmless, medium: asking, high: undefined, critical: undefined }[risk];
  return looking !== undefined && effects.every((effect) => looking.has(effect));
}

/** Why commands are not run before their step. */
export function whyNot({ risk, effects, reasons }: Classification): string {
  const because = reasons.map(({ text }) => text);
  if (because.length > 0) return `it has ${risk} risk (${because.join("; ")})`;
  return `it may do more than look (${effects.filter((effect) => !harmless.has(effect)).join(", ")})`;
}

/** Looks what stands in the way of each step, and which of its previews and checks can be run beforehand. Changes nothing. */
export async function rehearsal(reviewed: ReviewedRunbook, options: ReviewOptions): Promise<readonly Rehearsed[]> {
  const probes = new Map<string, Promise<readonly string[]>>();
  const probe = (target: StepTarget) => {
    const known = probes.get(target.name) ?? probeProblems(target);
    probes.set(target.name, known);
    return known;
  };
  const rehearsed: Rehearsed[] = [];
  for (const step of reviewed.steps) {
    const folder = await folderToMake(step.target, reviewed.meshRoot);
    const looksThere = step.target !== undefined && folder === undefined && step.problems.length === 0;
    const known = [...(await ownObstacles(step, options)), ...(looksThere ? await probe(step.target) : [])];
    const uploads = step.step.upload !== undefined && known.length === 0;
    const { would, obstacles: found } = uploads ? await foreseeUpload(reviewed, step) : { would: [], obstacles: [] };
    const obstacles = [...known, ...found];
    const makes = folder === undefined ? [] : [`make the folder ${folder}`];
    rehearsed.push({ step, obstacles, would: [...makes, ...would], ...looksOf(step, obstacles, folder !== undefined) });
  }
  return rehearsed;
}

/** Runs one preview or check where its step would run, in a group on the first host. Neither the journal nor any approval knows of it. */
export async function lookAt(
  reviewed: ReviewedRunbook,
  { step: number, kind }: Look,
  options: ReviewOptions,
): Promise<Execution> {
  const found = reviewed.steps[number - 1];
  const text = found?.step[kind]?.text;
  const classified = found?.risk.classified[kind];
  const [place] = found?.target === undefined ? [] : placesOf(found.target);
  if (
    found === undefined ||
    place === undefined ||
    text === undefined ||
    classified === undefined ||
    !onlyLooks(classified)
  )
    throw new Error(`step ${number} has no ${kind} that only looks`);
  const connections = new Connections();
  try {
    return await executeText({ ...options, reviewed, connections }, found, place, text);
  } finally {
    await connections.close();
  }
}

/** The folder of the target that a review would make before anything runs there; undefined when it has nothing to make. */
async function folderToMake(target: StepTarget | undefined, meshRoot: string): Promise<string | undefined> {
  const folder = ownFolder(target, meshRoot);
  return folder === undefined || (await status(folder)) !== undefined ? undefined : folder;
}

function looksOf(
  { step, risk }: ReviewedStep,
  obstacles: readonly string[],
  isBefore: boolean,
): Pick<Rehearsed, "looks" | "left"> {
  const looks: Look[] = [];
  const left: { kind: Look["kind"]; why: string }[] = [];
  for (const kind of ["preview", "check"] as const) {
    const found = risk.classified[kind];
    if (found === undefined) continue;
    if (!onlyLooks(found)) left.push({ kind, why: whyNot(found) });
    else if (isBefore) left.push({ kind, why: "the target's folder is not there yet" });
    else if (obstacles.length > 0) left.push({ kind, why: "something stands in its way" });
    else looks.push({ step: step.number, kind });
  }
  return { looks, left };
}

async function ownObstacles(found: ReviewedStep, { environment }: ReviewOptions): Promise<string[]> {
  const { step, problems } = found;
  const fences = (["preview", "run", "check", "undo"] as const).map(async (kind) => {
    const fence = step[kind];
    const problem = fence && (await syntaxProblem(fence.text));
    return problem === undefined ? [] : [`bash cannot read its ${kind} commands: ${problem}`];
  });
  return [
    ...problems.map((problem) => problem.replace(/\.$/, "")),
    ...fileLacks(found).map((lack) => `it ${lack}`),
    ...missingVariables(step, environment).map((name) => `it needs ${name}, which your environment does not have`),
    ...(await Promise.all(fences)).flat(),
  ];
}

async function probeProblems(target: StepTarget): Promise<readonly string[]> {
  const probe = await probeTarget(target);
  return probe.ready ? [] : [probe.problem];
}
