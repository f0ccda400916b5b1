import * as z from "zod";
import { readYaml } from "./yaml.ts";

const text = (what: string) => z.string("a text").min(1, "a text").max(8000, "at most 8000 characters").describe(what);
const degree = (what: string) => z.enum(["low", "medium", "high"]).describe(what);
const amount = (what: string) =>
  z
    .string()
    .regex(/^\d+(?:\.\d+)?(?:[KMGT]i?)?$/, "an amount such as 24Gi")
    .describe(what);

const planSchema = z.strictObject({
  title: text("What is planned, on one line."),
  summary: text("Two or three sentences for the person who decides."),
  requirements: z
    .array(
      z.strictObject({ text: text("What is required, as it was asked."), met_by: text("What meets it, by name.") }),
    )
    .min(1, "at least one requirement")
    .describe("Every requirement that was given, none left out."),
  strategy: z.strictObject({
    what: text("What will be built, precisely enough that an engineer need not guess."),
    why: text("Why this way."),
    steps: z.array(text("One step.")).min(1, "at least one step").describe("In the order in which they are done."),
  }),
  alternatives: z
    .array(z.strictObject({ what: text("What could be done instead."), why_not: text("Why it is not.") }))
    .describe("What was weighed; [] only when nothing was."),
  risks: z
    .array(
      z.strictObject({
        text: text("What can go wrong."),
        likelihood: degree("How likely."),
        impact: degree("How bad."),
        response: text("What is done about it, or who watches for it."),
      }),
    )
    .min(1, "at least one risk"),
  unknowns: z.array(text("What is not known, and who could know it.")).describe("[] only when everything is known."),
  needs: z
    .strictObject({
      target: z
        .string()
        .regex(/^[a-z0-9][a-z0-9-]*$/, "the name of a target")
        .optional(),
      memory: amount("Memory, such as 24Gi.").optional(),
      disk: amount("Disk, such as 100Gi.").optional(),
      cpus: z.number("a number").min(0).describe("Processors.").optional(),
      gpus: z.int("a whole number").min(0).describe("GPUs.").optional(),
      architecture: z.enum(["amd64", "arm64", "arm", "ppc64le", "s390x", "riscv64"]).optional(),
    })
    .optional()
    .describe("What it takes of the platform; compared with the facts. Leave out what is not known."),
  cost: z.strictObject({
    estimate: text("Money, machines, memory, hours: what it takes, with units."),
    basis: text("Where the figures come from; say so when they are guessed."),
  }),
  rollback: z.strictObject({
    how: text("How to go back."),
    until: text("Until when that is possible, and what is lost."),
  }),
});

/** What an architect has decided about a piece of infrastructure work: what and why, before anybody builds it. */
export type StagePlan = z.infer<typeof planSchema>;

/**
 * Reads a plan.
 *
 * @param source JSON
 * @throws MeshError `stage.plan` with file and line, naming all that does not fit
 */
export function parsePlan(source: string, file: string): StagePlan {
  // JSON is YAML, whose reader knows lines.
  return readYaml(source, planSchema, { file, code: "stage.plan" });
}

/** The form of a plan as JSON Schema, for those who write one. */
export function planJsonSchema(): string {
  const { $schema: _, ...schema } = z.toJSONSchema(planSchema, { io: "input" });
  const isLimit = (key: string) => key === "minLength" || key === "maxLength";
  return JSON.stringify(schema, (key, value: unknown) => (isLimit(key) ? undefined : value), 1);
}

/** A plan as it is kept. */
export function printPlan(plan: StagePlan): string {
  return `${JSON.stringify(plan, null, 2)}\n`;
}

/** A plan as people read it. */
export function planMarkdown({
  title,
  summary,
  requirements,
  strategy,
  alternatives,
  risks,
  unknowns,
  needs = {},
  cost,
  rollback,
}: StagePlan): string {
  const list = (items: readonly string[]) =>
    items.length === 0 ? "None." : items.map((item) => `- ${inline(item)}`).join("\n");
  const parts = [
    `# ${inline(title)}`,
    summary.trim(),
    "## Strategy",
    strategy.what.trim(),
    `**Why:** ${strategy.why.trim()}`,
    strategy.steps.map((step, index) => `${index + 1}. ${inline(step)}`).join("\n"),
    "## Requirements",
    list(requirements.map((each) => `${each.text} **Met by:** ${each.met_by}`)),
    "## Risks",
    list(
      risks.map(
        (each) => `${each.text} (likelihood ${each.likelihood}, impact ${each.impact}) **Response:** ${each.response}`,
      ),
    ),
    "## Alternatives",
    list(alternatives.map((each) => `${each.what} **Why not:** ${each.why_not}`)),
    "## Not known",
    list(unknowns),
    ...(Object.keys(needs).length === 0
      ? []
      : ["## Needs", list(Object.entries(needs).map(([name, value]) => `${name}: ${value}`))]),
    "## Cost",
    `${cost.estimate.trim()} (${inline(cost.basis)})`,
    "## Rollback",
    `${rollback.how.trim()} ${inline(rollback.until)}`,
  ];
  return `${parts.join("\n\n")}\n`;
}

function inline(text: string): string {
  return text.replace(/\s+/g, " ").trim();
}
