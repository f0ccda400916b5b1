import { parseLessons } from "@memomesh/core";
import { describe, expect, test } from "vitest";
import { Deadline } from "../src/detect/deadline.ts";
import { loadDetectors, searched, violations } from "../src/detect/lessons.ts";
import { compilePattern } from "../src/detect/pattern.ts";
import { fieldLessons, judge, runbook, said } from "./judged.ts";

describe("a YAML bomb", () => {
  const bomb = (levels: number) =>
    ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
      .concat(
        Array.from({ length: levels }, (_, n) => `a${n + 1}: &a${n + 1} [${Array(10).fill(`*a${n}`).join(", ")}]`),
      )
      .join("\n");

  test("is refused before it grows", () => {
    const result = judge({ "compose.yaml": `services: { web: { image: "a:1.2" } }\n${bomb(12)}` });
    expect(said(result, "valid")).toEqual([expect.stringMatching(/its aliases multiply too often$/)]);
    expect(result.passed).toBe(false);
  });

  test("does not stop at aliases that lead to themselves", () => {
    expect(said(judge({ "a.yaml": "a: &a { b: *a }\n" }), "valid")).toEqual([
      expect.stringMatching(/nested too deeply|no YAML|alias/i),
    ]);
  });

  test("of brackets is refused", () => {
    expect(said(judge({ "a.yaml": "[".repeat(20_000) }), "valid").length).toBeLessThanOrEqual(5);
    expect(said(judge({ "a.yaml": `${"{a: ".repeat(150)}1${"}".repeat(150)}` }), "valid")).toEqual([
      expect.stringContaining("nested too deeply"),
    ]);
  });
});

test("a file that is too large is said and not looked into", () => {
  const result = judge({ "compose.yaml": `# ${"x".repeat(600_000)}\n`, "package-lock.json": " ".repeat(600_000) });
  expect(said(result)).toEqual(["valid compose.yaml:- the file is larger than 512 KB and was not looked into"]);
});

test("names of an object's prototype are ordinary names", () => {
  const text = "services: { constructor: { image: 'a:1.2', __proto__: 1, toString: 2 } }\n";
  expect(said(judge({ "compose.yaml": text }), "valid")).toEqual([
    expect.stringContaining("__proto__, which Compose does not know"),
    expect.stringContaining("toString, which Compose does not know"),
  ]);
});

describe("patterns that would never end elsewhere", () => {
  test.each(["(a+)+$", "(a|a)*b", "(a*)*c", "(.*)*x"])("%s end", (source) => {
    const pattern = compilePattern(source);
    if (typeof pattern === "string") throw new Error(pattern);
    expect(pattern.test(`${"a".repeat(9000)}!`)).toBe(false);
  });

  test("are refused when they count too far", () => {
    expect(compilePattern(Array(30).fill("[ab]{1000}").join(""))).toMatch(/counts too far/);
    expect(compilePattern("x".repeat(501))).toMatch(/longer than 500/);
  });
});

describe("a detector that does not come to an end", () => {
  // Every step to all nodes below multiplies with the next one.
  const block = (bad: string) =>
    `### Slow\n**Fix:** none. **Applies to:** \`**/*.yaml\`\n\n\`\`\`yaml detect\neach: "**.**.**.**"\nwhen: [{ path: "**.**", equals: found }]\nbad: |\n${bad.replace(/^/gm, "  ")}\ngood: "a: b"\n\`\`\`\n`;
  const large = Array.from({ length: 40 }, (_, n) => `${"  ".repeat(n)}k${n}:`)
    .join("\n")
    .concat(" found");

  test("on the subject's files is stopped and said, and the others still look", () => {
    const lessons = [...parseLessons(block("a: found"), "slow.md"), ...fieldLessons];
    const files = { "compose.yaml": "services: { web: { image: 'nginx:latest' } }\n", "large.yaml": large };
    const result = said(judge(files, { lessons }), "lessons");
    expect(result).toContainEqual(expect.stringMatching(/^slow\.md:5 the detector of "Slow" was stopped/));
    expect(result).toContainEqual(expect.stringContaining("latest is not a version"));
  });

  test("on its own example is not used", () => {
    const { broken, detectors } = loadDetectors(parseLessons(block(large), "slow.md"));
    expect(detectors).toEqual([]);
    expect(broken).toEqual([{ file: "slow.md", line: 5, text: expect.stringContaining("did not come to an end") }]);
  });

  test("has no more than its time when all time is used up", () => {
    expect(() => new Deadline(-1).ask()).toThrow();
    const { detectors } = loadDetectors(fieldLessons);
    expect(violations(detectors, [searched("a.yaml", "a: 1")]).stopped).toEqual([]);
  });
});

test("a secret is never shown in a finding", () => {
  const secret = "s3cr3t-9f2c41aa";
  const texts = {
    "compose.yaml": `services: { web: { image: "x:${secret}:y", environment: { API_TOKEN: ${secret} } } }\n`,
    "a.json": `{ "password": "${secret}" oops }`,
    "runbooks/a.md": runbook(
      `## Step 1: Go\nRisk: low. Timeout: 60s.\n\n\`\`\`sh run\nexport DB_PASSWORD=${secret}\n\`\`\`\n`,
    ),
  };
  const result = judge(texts, { lessons: fieldLessons });
  expect(result.checks.find(({ id }) => id === "secrets")?.findings.length).toBeGreaterThan(2);
  const shown = JSON.stringify(result.checks.find(({ id }) => id === "secrets"));
  expect(shown).not.toContain(secret);
});
