import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { findingsOf } from "../src/index.ts";
import { fieldLessons, judge } from "./judged.ts";

interface Expected {
  readonly passes: boolean;
  readonly findings: readonly string[];
}

describe.each(["compose", "runbooks"])("in the corpus of %s", (folder) => {
  const root = join(import.meta.dirname, folder);
  const expected = parse(readFileSync(join(root, "expected.yaml"), "utf8")) as Record<string, Expected>;
  const names = readdirSync(root).filter((name) => name !== "expected.yaml");

  test("every file has an expectation", () => {
    expect(names.sort()).toEqual(Object.keys(expected).sort());
    expect(names.length).toBeGreaterThanOrEqual(20);
  });

  test.each(names)("%s gets the findings it deserves and no others", (name) => {
    // Compose reads what is named so; a name of its own would be taken for a part that is laid over another.
    const path = folder === "compose" && !name.startsWith("compose") ? `shop/compose.${name}` : `${folder}/${name}`;
    const text = readFileSync(join(root, name), "utf8");
    const result = judge({ [path]: text }, { lessons: fieldLessons });
    const findings = findingsOf(result).map(({ check, line }) => `${check}:${line ?? "-"}`);
    expect(findings.sort()).toEqual([...(expected[name]?.findings ?? [])].sort());
    expect(result.passed).toBe(expected[name]?.passes);
    for (const finding of findingsOf(result)) expect(finding.file).toBe(path);
  });
});
