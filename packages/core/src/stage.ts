import { stringify } from "yaml";
import * as z from "zod";
import { deploymentSchema } from "./deployment-schema.ts";
import { envNames } from "./env-names.ts";
import type { Priority } from "./memo-header.ts";
import { nameSchema } from "./name-schema.ts";
import { problemsError } from "./problem.ts";
import { type Risk, risks } from "./runbook.ts";
import { graphProblems } from "./stage-graph.ts";
import { parseYaml, readYaml } from "./yaml.ts";

/** What a stage has to meet. */
export interface StageRequirement {
  /** Such as `latency`; absent when the file has a plain list. */
  readonly name?: string;
  readonly text: string;
  /** Line in stages.yml, counted from 1. */
  readonly line: number;
}

/** A declared unit of infrastructure work. */
export interface Stage {
  /** Its layer, its number there, and its name in short: `1-1-inference-security`. */
  readonly id: string;
  readonly layer: number;
  readonly name: string;
  readonly priority: Priority;
  readonly purpose: string;
  readonly techStack: readonly string[];
  readonly requirements: readonly StageRequirement[];
  /** Ids of the stages that must be complete before. */
  readonly dependsOn: readonly string[];
  readonly riskLevel: Risk;
  readonly goals: readonly string[];
  /** What else `ai_context` tells, for people and agents. */
  readonly context: Readonly<Record<string, unknown>>;
  /** Which node works on it; absent: the one that looks after systems. */
  readonly node?: string;
  /** Facts of a deployment as YAML, for stages that are one service; the form of a memo's `yaml deploy` block. */
  readonly deploy?: string;
  /** Where its documentation lies, in the node's folder. */
  readonly documentation: string;
  /** Line in stages.yml, counted from 1. */
  readonly line: number;
}

/** What `inventories/<name>/stages.yml` says. */
export interface Inventory {
  /** The folder's name. */
  readonly name: string;
  /** What the layers are called, by their number. */
  readonly layers: Readonly<Record<string, string>>;
  /** In the order of the file. */
  readonly stages: readonly Stage[];
}

const text = z.string("a text").min(1);

/** A list of texts, of which a single one may stand without brackets. */
const texts = z.union([text.transform((one) => [one]), z.array(text)], { error: "a text or a list of texts" });

const priorityWords: Readonly<Record<string, Priority>> = {
  low: "low",
  normal: "normal",
  medium: "normal",
  high: "high",
  urgent: "urgent",
  critical: "urgent",
};
const priority = z
  .enum(["low", "normal", "medium", "high", "urgent", "critical"])
  .default("normal")
  .transform((word) => priorityWords[word] as Priority);

const stageId = z
  .string()
  .regex(/^[1-9]\d?-[1-9]\d{0,2}(?:-[a-z0-9]+)+$/, "an id of layer, number and name, such as 1-1-inference-security");

const stageSchema = z.strictObject({
  id: stageId,
  name: text,
  priority,
  purpose: text,
  tech_stack: texts.default([]),
  requirements: z
    .union([z.record(text, z.union([texts, z.record(text, texts)])), z.array(text)], {
      error: "names with texts, such as { latency: p95 below 200 ms }",
    })
    .default([]),
  depends_on: z
    .union([stageId.transform((id) => [id]), z.array(stageId)], { error: "a list of stages' ids" })
    .default([]),
  ai_context: z
    .looseObject({ risk_level: z.enum(risks).default("medium"), optimization_goals: texts.default([]) })
    .prefault({}),
  node: nameSchema.optional(),
  deploy: deploymentSchema.optional(),
  documentation: z
    .string()
    .regex(/^(?!\/)(?!(?:.*\/)?\.\.(?:\/|$))[\w./-]+\.md$/, "a path in the node's folder, such as docs/stages/proxy.md")
    .optional(),
});

const inventorySchema = z.strictObject({
  name: text.optional(),
  layers: z.record(z.string().regex(/^[1-9]\d?$/, "the number of a layer"), text).default({}),
  stages: z.array(stageSchema, "a list of stages").min(1, "at least one stage"),
});

/**
 * Reads `stages.yml`.
 *
 * @param name of the inventory, which its folder has
 * @throws MeshError `stage.file` with file and line for what cannot be read; `stage.twice`, `stage.unknown` for a
 * dependency that does not exist, `stage.cycle` with the stages that wait for each other; all that is wrong at once
 * @see docs/formats.md, "Stages"
 */
export function parseStages(source: string, file: string, name: string): Inventory {
  const at = { file, code: "stage.file" };
  const { layers, stages } = readYaml(source, inventorySchema, at, "text");
  const { value, lineOf } = parseYaml(source, at, "text");
  const read = stages.map((stage, index): Stage => {
    const line = (...path: PropertyKey[]) => lineOf(["stages", index, ...path]);
    const { tech_stack, depends_on, ai_context, deploy, documentation, requirements, node, ...rest } = stage;
    const { risk_level: riskLevel, optimization_goals: goals, ...context } = ai_context;
    if (deploy !== undefined) envNames(deploy.env, { file, line: line("deploy", "env") });
    return {
      ...rest,
      layer: Number(stage.id.split("-", 1)[0]),
      techStack: tech_stack,
      dependsOn: depends_on,
      riskLevel,
      goals,
      context,
      requirements: requirementsOf(requirements, line),
      documentation: documentation ?? `docs/stages/${stage.id}.md`,
      line: line(),
      ...(node === undefined ? {} : { node }),
      ...(deploy === undefined ? {} : { deploy: stringify(rawDeploy(value, index)).trimEnd() }),
    };
  });
  const problems = graphProblems(read, (index, position) => lineOf(["stages", index, "depends_on", position]));
  if (problems.length > 0) throw problemsError(file, problems);
  return { name, layers, stages: read };
}

type Wanted =
  | readonly string[]
  | Readonly<Record<string, readonly string[] | Readonly<Record<string, readonly string[]>>>>;

function requirementsOf(wanted: Wanted, line: (...path: PropertyKey[]) => number): StageRequirement[] {
  if (isList(wanted)) return wanted.map((each, index) => ({ text: each, line: line("requirements", index) }));
  return Object.entries(wanted).flatMap(([name, each]) => {
    const at = line("requirements", name);
    if (isList(each)) return each.map((text) => ({ name, text, line: at }));
    return Object.entries(each).flatMap(([part, texts]) =>
      texts.map((text) => ({ name: `${name} ${part}`, text, line: line("requirements", name, part) })),
    );
  });
}

function isList(value: Wanted | Wanted[keyof Wanted]): value is readonly string[] {
  return Array.isArray(value);
}

/** The facts as they were written: an agent reads them again. */
function rawDeploy(value: unknown, index: number): unknown {
  return (value as { stages: { deploy?: unknown }[] }).stages[index]?.deploy;
}
