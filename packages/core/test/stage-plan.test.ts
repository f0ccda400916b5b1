import { expect, test } from "vitest";
import { parsePlan, planJsonSchema, planMarkdown, printPlan } from "../src/stages.ts";
import { refusal } from "./refusal.ts";

const plan = {
  title: "A proxy",
  summary: "One front door.",
  requirements: [{ text: "latency below 20 ms", met_by: "no hop between" }],
  strategy: { what: "Caddy in Compose", why: "it is there already", steps: ["Prepare", "Switch"] },
  alternatives: [{ what: "nginx", why_not: "nobody here knows it" }],
  risks: [{ text: "The port is taken", likelihood: "low", impact: "high", response: "the first step looks" }],
  unknowns: [],
  cost: { estimate: "128 MB", basis: "measured" },
  rollback: { how: "Stop it.", until: "Always; nothing is lost." },
} as const;

test("reads a plan back as it was printed, and shows all of it to people", () => {
  expect(parsePlan(printPlan(plan as never), "p.json")).toEqual(plan);
  const text = planMarkdown(plan as never);
  for (const part of [
    "# A proxy",
    "**Why:** it is there already",
    "**Met by:** no hop",
    "nginx **Why not:**",
    "## Not known\n\nNone.",
  ])
    expect(text).toContain(part);
});

test("a plan may say what it needs of the platform, as numbers", () => {
  const needs = { memory: "24Gi", gpus: 2, target: "gpu-host" };
  expect(parsePlan(printPlan({ ...plan, needs } as never), "p.json").needs).toEqual(needs);
  expect(planMarkdown({ ...plan, needs } as never)).toContain("## Needs\n\n- memory: 24Gi\n- gpus: 2\n");
  const error = refusal(() => parsePlan(printPlan({ ...plan, needs: { memory: "a lot" } } as never), "p.json"));
  expect(error.sentence).toMatch(/needs\.memory .* expected an amount such as 24Gi/);
});

test.each([
  [{ rollback: undefined }, /rollback is missing/],
  [{ risks: [] }, /risks .* expected at least one risk/],
  [
    { risks: [{ ...plan.risks[0], likelihood: "tiny" }] },
    /risks\[0\]\.likelihood "tiny" is not known; expected low, medium or high/,
  ],
  [{ strategie: "x" }, /did you mean "strategy"/],
  [{ requirements: ["latency"] }, /requirements\[0\] "latency" cannot be used/],
])("refuses what does not fit, with its line: %j", (change, reason) => {
  const error = refusal(() => parsePlan(printPlan({ ...plan, ...change } as never), "p.json"));
  expect(error.code).toBe("stage.plan");
  expect(error.message).toMatch(/^p\.json:\d+: /);
  expect(error.sentence).toMatch(reason);
});

test("refuses what is no JSON", () => {
  expect(refusal(() => parsePlan('{"title": "A", ', "p.json")).message).toMatch(
    /^p\.json:\d+: this is no YAML|^p\.json/,
  );
});

test("tells its form as JSON Schema, with what each part is for", () => {
  const schema = JSON.parse(planJsonSchema());
  expect(schema.required).toEqual(Object.keys(plan));
  expect(schema.properties.strategy.properties.why.description).toBe("Why this way.");
});
