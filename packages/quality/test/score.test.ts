import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { defaultSettings, explainChecks, findingsOf, readSettings, score } from "../src/index.ts";
import { fieldLessons, judge, said, subjectOf } from "./judged.ts";

const corpus = ["compose", "runbooks"].flatMap((folder) =>
  readdirSync(join(import.meta.dirname, folder))
    .filter((name) => !name.startsWith("expected"))
    .map((name) => [`${folder}/${name}`, readFileSync(join(import.meta.dirname, folder, name), "utf8")] as const),
);

describe("a score", () => {
  test("is what is left when the points of all findings are taken away", () => {
    for (const [path, text] of corpus) {
      const result = judge({ [path]: text }, { lessons: fieldLessons });
      const lost = findingsOf(result).reduce((sum, { points }) => sum + points, 0);
      expect(result.score, path).toBe(Math.max(0, Math.floor(100 - lost + 1e-6)));
    }
  });

  test("is the same in whatever order the files come", () => {
    fc.assert(
      fc.property(fc.shuffledSubarray(corpus, { minLength: 2, maxLength: 4 }), (files) => {
        const forth = judge(Object.fromEntries(files));
        const back = judge(Object.fromEntries(files.toReversed()));
        expect(said(back).sort()).toEqual(said(forth).sort());
        expect(back.score).toBe(forth.score);
      }),
      { numRuns: 30 },
    );
  });

  test("lies between 0 and 100 for any text under any name", () => {
    const names = [
      "compose.yaml",
      "a.yaml",
      "a.json",
      "Caddyfile",
      "site.conf",
      "Dockerfile",
      "x.sh",
      "runbooks/x.md",
      "tasks/a.yml",
    ];
    fc.assert(
      fc.property(fc.constantFrom(...names), fc.string({ unit: "binary", maxLength: 300 }), (name, text) => {
        const { score: points, passed, threshold } = judge({ [name]: text });
        expect(points).toBeGreaterThanOrEqual(0);
        expect(points).toBeLessThanOrEqual(100);
        if (passed) expect(points).toBeGreaterThanOrEqual(threshold);
      }),
      { numRuns: 60 },
    );
  });

  test("does not crash on parts of real files put together at random", () => {
    const lines = corpus.flatMap(([, text]) => text.split("\n"));
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom(...lines), { maxLength: 25 }),
        fc.constantFrom("compose.yaml", "runbooks/a.md"),
        (parts, name) => {
          expect(judge({ [name]: parts.join("\n") }, { lessons: fieldLessons }).score).toBeLessThanOrEqual(100);
        },
      ),
      { numRuns: 60 },
    );
  });

  test("of nothing is 100, and says that no check applied", () => {
    const result = judge({});
    expect(result).toMatchObject({ score: 100, passed: true });
    expect(result.checks.every(({ notApplicable }) => notApplicable)).toBe(true);
  });

  test("does not pass with a finding that blocks, however high it is", () => {
    const result = judge({ "app.env": "DB_PASSWORD=hunter2-9f2c\n", "README.md": "# Shop\n" });
    expect(said(result, "secrets")).toEqual(["app.env:1 DB_PASSWORD has its value written here"]);
    expect(
      score(subjectOf({ "app.env": "DB_PASSWORD=hunter2-9f2c\n" }), { settings: { ...defaultSettings, threshold: 0 } })
        .passed,
    ).toBe(false);
  });
});

describe("settings", () => {
  const bare = { "compose.yaml": "# The site.\nservices: { web: { image: 'nginx:1.27.3' } }\n" };

  test("change a check's weight, switch it off, and move the threshold", () => {
    const settings = readSettings({ threshold: 20, checks: { limits: 50, health: "off" } });
    const result = score(subjectOf(bare), { settings });
    const check = (id: string) => result.checks.find((each) => each.id === id);
    expect(check("limits")).toMatchObject({ weight: 50, score: 0 });
    expect(check("health")).toMatchObject({ weight: 0, notApplicable: true, findings: [] });
    expect(result).toMatchObject({ threshold: 20, passed: true });
    expect(judge(bare).passed).toBe(false);
  });

  test("refuse a check that does not exist", () => {
    expect(() => readSettings({ checks: { limit: 5 } })).toThrow();
    expect(() => readSettings({ checks: { limits: -1 } })).toThrow();
  });

  test("are explained for every check", () => {
    for (const { about, title, weight } of explainChecks()) {
      expect(about.length, title).toBeGreaterThan(60);
      expect(weight).toBeGreaterThan(0);
    }
    expect(explainChecks(readSettings({ checks: { secrets: "off" } })).find(({ id }) => id === "secrets")?.weight).toBe(
      0,
    );
  });
});
