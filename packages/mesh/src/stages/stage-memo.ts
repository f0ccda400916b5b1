import { type Inventory, type Stage, type StageTask, stageTaskBlock } from "@memomesh/core/stages";
import type { Request } from "../ask/request.ts";

const nouns = { plan: "Plan", implement: "Implementation", improve: "Improvement" } as const;

/** Where the plan of a stage lies, in the folder of the node that works on it. */
export function planPath({ name }: Pick<Inventory, "name">, { id }: Pick<Stage, "id">): string {
  return `docs/plans/${name}-${id}.json`;
}

/**
 * The memo that asks for one step of a stage.
 *
 * @param improvement Markdown: what the gate wants to have improved, or what a person does
 */
export function stageMemo(
  inventory: Pick<Inventory, "name">,
  stage: Stage,
  step: StageTask["step"],
  improvement = "",
): Omit<Request, "to"> {
  const plan = planPath(inventory, stage);
  const builds = step !== "plan";
  const parts = [
    "## Context",
    context(stage),
    stageTaskBlock({ inventory: inventory.name, stage: stage.id, step, plan }),
    ...(stage.requirements.length === 0 ? [] : ["## Requirements", requirements(stage)]),
    ...(builds && stage.deploy !== undefined
      ? ["## What is deployed", `\`\`\`yaml deploy\n${stage.deploy}\n\`\`\``]
      : []),
    ...(improvement === "" ? [] : ["## What to improve", improvement.replace(/^# .*\n+/, "").trim()]),
    "## Action items",
    items(stage, step, plan)
      .map((item) => `- [ ] ${item}`)
      .join("\n"),
  ];
  return { type: "stage", subject: `${nouns[step]} of stage ${stage.id}: ${stage.name}`, body: parts.join("\n\n") };
}

function context({ purpose, techStack, dependsOn, riskLevel, goals, context }: Stage): string {
  const facts = [
    ...(techStack.length === 0 ? [] : [`It is built with ${techStack.join(", ")}.`]),
    ...(dependsOn.length === 0 ? [] : [`It stands on ${dependsOn.join(", ")}.`]),
    `Its risk is ${riskLevel}.`,
    ...(goals.length === 0 ? [] : [`It is optimised for ${goals.join(", ")}.`]),
    ...Object.entries(context).map(
      ([name, value]) => `In stages.yml ${name.replaceAll("_", " ")} is ${oneLine(value)}.`,
    ),
  ];
  return `${purpose.trim()}\n\n${facts.join(" ")}`;
}

/** Numbered, so that plan, files and documentation can name them. */
function requirements({ requirements: all }: Stage): string {
  return all
    .map(({ name, text }, index) => `R${index + 1}${name === undefined ? "" : ` (${name})`}: ${text}`)
    .join("\n\n");
}

function items({ documentation }: Stage, step: StageTask["step"], plan: string): string[] {
  if (step === "plan") return [`Write the plan into \`${plan}\``];
  return [
    step === "improve" ? "Improve what the gate has found" : "Prepare the configuration and the runbook as planned",
    `Document it in \`${documentation}\`: what it is, which requirement is met by what, how to see that it is well`,
  ];
}

function oneLine(value: unknown): string {
  return (typeof value === "string" ? value : JSON.stringify(value)).replace(/\s+/g, " ");
}
