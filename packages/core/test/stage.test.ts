import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { layerProgress, nextStages, parseStages, type StageState, standingStages } from "../src/stages.ts";
import { refusal } from "./refusal.ts";

const parse = (source: string) => parseStages(source, "inventories/lab/stages.yml", "lab");

interface Wish {
  readonly id: string;
  readonly on?: readonly string[];
  readonly priority?: string;
}

/** Each stage on three lines, the list from line 2 on. */
function stagesYml(...wishes: readonly Wish[]): string {
  const entries = wishes.map(
    ({ id, on = [], priority = "normal" }) =>
      `  - { id: ${id}, name: ${id}, purpose: Test,\n      priority: ${priority},\n      depends_on: [${on.join(", ")}] }`,
  );
  return `stages:\n${entries.join("\n")}\n`;
}

describe("stages.yml", () => {
  test("reads the example that comes with the program", () => {
    const source = readFileSync(join(import.meta.dirname, "../../../templates/inventories/example/stages.yml"), "utf8");
    const { stages, layers } = parse(source);
    expect(layers).toEqual({ 1: "Foundation", 2: "Applications" });
    expect(stages.map(({ id, layer, priority, dependsOn }) => [id, layer, priority, dependsOn])).toEqual([
      ["1-1-reverse-proxy", 1, "high", []],
      ["2-1-notes", 2, "normal", ["1-1-reverse-proxy"]],
    ]);
    expect(stages[0]?.requirements[0]).toEqual({
      name: "availability",
      text: "comes back by itself after a restart of the machine",
      line: source.split("\n").findIndex((line) => line.includes("availability:")) + 1,
    });
    expect(stages[0]?.deploy).toContain("version: 2.8.4");
  });

  test("keeps versions and figures as they were written", () => {
    const [stage] = parse(
      "stages:\n  - id: 1-1-db\n    name: Db\n    purpose: Data\n    requirements: { availability: 99.50, latency: { p95: 20 ms } }\n    deploy: { app: db, version: 1.10, target: lab }\n    ai_context: { risk_level: critical, gpu: 2 }\n",
    ).stages;
    expect(stage?.requirements.map(({ name, text }) => [name, text])).toEqual([
      ["availability", "99.50"],
      ["latency p95", "20 ms"],
    ]);
    expect(stage?.deploy).toContain('version: "1.10"');
    expect(stage?.riskLevel).toBe("critical");
    expect(stage?.context).toEqual({ gpu: "2" });
  });

  test.each([
    [
      "stages:\n  - id: proxy\n    name: P\n    purpose: x\n",
      "2",
      /stages\[0\]\.id "proxy" cannot be used; expected an id of layer, number and name/,
    ],
    ["stages:\n  - id: 1-1-proxy\n    name: P\n", "2", /purpose is missing/],
    ["stages:\n  - id: 1-1-proxy\n    name: P\n    purpose: x\n    depend_on: []\n", "5", /did you mean "depends_on"/],
    [
      "stages:\n  - id: 1-1-proxy\n    name: P\n    purpose: x\n    priority: asap\n",
      "5",
      /priority "asap" is not known/,
    ],
    [
      "stages:\n  - id: 1-1-proxy\n    name: P\n    purpose: x\n    ai_context:\n      risk_level: huge\n",
      "6",
      /low, medium, high or critical/,
    ],
    [
      "stages:\n  - id: 1-1-proxy\n    name: P\n    purpose: x\n    documentation: ../../etc/passwd.md\n",
      "5",
      /documentation/,
    ],
    ["stages: []\n", "1", /at least one stage/],
    ["stages:\n\t- id: x\n", "2", /no YAML/],
    ["- id: 1-1-proxy\n", "1", /expected names with values/],
  ])("says in which line %j is wrong", (source, line, reason) => {
    const error = refusal(() => parse(source));
    expect(error.code).toBe("stage.file");
    expect(error.message).toMatch(new RegExp(`^inventories/lab/stages\\.yml:${line}: `));
    expect(error.message).toMatch(reason);
  });

  test("refuses the value of a variable, and does not repeat it", () => {
    const error = refusal(() =>
      parse("stages:\n  - id: 1-1-db\n    name: Db\n    purpose: x\n    deploy:\n      env: { PASSWORD: hunter2 }\n"),
    );
    expect(error.message).toMatch(/stages\.yml:6: .*PASSWORD/);
    expect(error.message).not.toContain("hunter2");
  });

  test("names the dependency that does not exist, and the one that was probably meant", () => {
    const error = refusal(() => parse(stagesYml({ id: "1-1-proxy" }, { id: "1-2-web", on: ["1-1-proxi"] })));
    expect([error.code, error.place?.line]).toEqual(["stage.unknown", 7]);
    expect(error.sentence).toMatch(/1-2-web depends on 1-1-proxi, which does not exist; did you mean 1-1-proxy\?/);
  });

  test("shows a cycle as the way around it, from its first stage", () => {
    const error = refusal(() =>
      parse(
        stagesYml(
          { id: "1-1-a", on: ["1-2-b"] },
          { id: "1-2-b", on: ["1-3-c"] },
          { id: "1-3-c", on: ["1-1-a"] },
          { id: "1-4-d", on: ["1-1-a"] },
        ),
      ),
    );
    expect([error.code, error.place?.line]).toEqual(["stage.cycle", 4]);
    expect(error.sentence).toContain("1-1-a → 1-2-b → 1-3-c → 1-1-a");
    expect(error.sentence).not.toContain("1-4-d");
  });

  test("tells all that is wrong at once: a stage that waits for itself, two with one id", () => {
    const error = refusal(() =>
      parse(stagesYml({ id: "1-1-a", on: ["1-1-a"] }, { id: "1-2-b" }, { id: "1-2-b", on: ["9-9-z"] })),
    );
    expect(error.sentence).toContain("1-1-a → 1-1-a");
    expect(error.sentence).toContain("there are two stages 1-2-b");
    expect(error.sentence).toContain("9-9-z, which does not exist");
  });

  test("finds the cycle that thousands of stages in a row make", () => {
    const ids = Array.from({ length: 3000 }, (_, index) => `${1 + Math.floor(index / 999)}-${1 + (index % 999)}-s`);
    const error = refusal(() =>
      parse(stagesYml(...ids.map((id, index) => ({ id, on: [ids[(index + 1) % 3000] ?? ""] })))),
    );
    expect(error.code).toBe("stage.cycle");
  });
});

describe("what comes next", () => {
  const { stages } = parse(
    stagesYml(
      { id: "1-1-base" },
      { id: "1-2-side", priority: "low" },
      { id: "1-10-late", priority: "low" },
      { id: "2-1-web", on: ["1-1-base"], priority: "critical" },
      { id: "2-2-db", priority: "high" },
    ),
  );
  const standing = (states: Readonly<Record<string, StageState>>) =>
    standingStages(stages, (id) => states[id] ?? "planned");
  const next = (states: Readonly<Record<string, StageState>>) =>
    nextStages(standing(states)).map(({ stage }) => stage.id);

  test("is what waits for nothing, by priority, then by place, counted as people count", () => {
    expect(next({})).toEqual(["2-2-db", "1-1-base", "1-2-side", "1-10-late"]);
  });

  test("an urgent stage comes first as soon as what it stands on is complete, and not before", () => {
    expect(next({ "1-1-base": "executed" })[0]).toBe("2-2-db");
    expect(next({ "1-1-base": "complete" })[0]).toBe("2-1-web");
  });

  test("what was begun goes before what was not, at the same priority", () => {
    expect(next({ "1-10-late": "implemented" }).slice(-2)).toEqual(["1-10-late", "1-2-side"]);
  });

  test("a layer is at 100 % only when all of it is complete", () => {
    const states = { "1-1-base": "complete", "1-2-side": "complete" } as const;
    expect(layerProgress(standing(states))).toEqual([
      { layer: 1, complete: 2, total: 3, percent: 66 },
      { layer: 2, complete: 0, total: 2, percent: 0 },
    ]);
  });
});
