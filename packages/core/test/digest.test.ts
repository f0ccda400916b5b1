import { describe, expect, it } from "vitest";
import { type Step, type StepTarget, sha256, stepDigest } from "../src/index.ts";

const step: Step = {
  number: 1,
  title: "Copy",
  line: 3,
  risk: "low",
  timeout: 60,
  needs: { steps: [], env: ["A", "B"], files: ["x", "y"] },
  prose: "Why.",
  run: { text: "cp a b", line: 5 },
  check: { text: "test -f b", line: 8 },
};
const target: StepTarget = { name: "staging", kind: "local", path: "/srv", production: false, env: { P: "1", Q: "2" } };
const files = [
  { path: "x", digest: sha256("x") },
  { path: "y", digest: null },
];
const digest = stepDigest(step, target, files, "rb-1");

describe("stepDigest", () => {
  it.each<[string, string]>([
    ["a command", stepDigest({ ...step, run: { text: "cp a  b", line: 5 } }, target, files, "rb-1")],
    ["the check", stepDigest({ ...step, check: { text: "true", line: 8 } }, target, files, "rb-1")],
    ["an undo", stepDigest({ ...step, undo: { text: "rm b", line: 9 } }, target, files, "rb-1")],
    [
      "what is run and what is checked",
      stepDigest(
        { ...step, run: { text: "test -f b", line: 5 }, check: { text: "cp a b", line: 8 } },
        target,
        files,
        "rb-1",
      ),
    ],
    ["the timeout", stepDigest({ ...step, timeout: 61 }, target, files, "rb-1")],
    ["the number", stepDigest({ ...step, number: 2 }, target, files, "rb-1")],
    ["the variables", stepDigest({ ...step, needs: { ...step.needs, env: ["A"] } }, target, files, "rb-1")],
    ["the folder", stepDigest(step, { ...target, path: "/srv2" }, files, "rb-1")],
    ["the target's name", stepDigest(step, { ...target, name: "live" }, files, "rb-1")],
    ["what the target is", stepDigest(step, { ...target, production: true }, files, "rb-1")],
    ["a fixed variable", stepDigest(step, { ...target, env: { P: "1", Q: "3" } }, files, "rb-1")],
    ["a file", stepDigest(step, target, [{ path: "x", digest: sha256("X") }, ...files.slice(1)], "rb-1")],
    [
      "a file that appears",
      stepDigest(step, target, [...files.slice(0, 1), { path: "y", digest: sha256("") }], "rb-1"),
    ],
    ["the runbook", stepDigest(step, target, files, "rb-2")],
    ["what is sent", stepDigest({ ...step, upload: { from: "x", to: "2", link: "current" } }, target, files, "rb-1")],
  ])("is another one when %s changes", (_, changed) => {
    expect(changed).toMatch(/^sha256:[0-9a-f]{64}$/);
    expect(changed).not.toBe(digest);
  });

  it("stays when words and orders change that decide nothing", () => {
    const told = {
      ...step,
      title: "Other",
      line: 9,
      prose: "Else.",
      risk: "high" as const,
      needs: { ...step.needs, env: ["B", "A"] },
    };
    expect(stepDigest(told, { ...target, env: { Q: "2", P: "1" } }, files.toReversed(), "rb-1")).toBe(digest);
  });
});
