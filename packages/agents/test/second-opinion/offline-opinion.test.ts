import type { StepDraft } from "@memomesh/core";
import { describe, expect, test } from "vitest";
import { opinionOn } from "../../src/index.ts";
import { copies, question, runbookOf } from "./question.ts";

const opinion = (
  steps: readonly Partial<StepDraft>[],
  target?: string,
  files: { file: string; source: string }[] = [],
) => opinionOn("offline", { provider: "offline" }, question({ runbook: runbookOf(steps, target), files }));

/** Severity, step and text of every finding. */
const said = async (...asked: Parameters<typeof opinion>) =>
  (await opinion(...asked)).findings.map(({ severity, step, text }) => [severity, step, text]);

describe("the offline opinion", () => {
  test("agrees when nothing that it looks for is missing, and says what it is", async () => {
    const { agent, model, verdict, reasons, findings } = await opinion([{ run: "df -Pk ." }, copies]);
    expect([agent, model, verdict, findings]).toEqual(["offline", undefined, "agree", []]);
    expect(reasons).toMatch(/fixed checks and no model/);
  });

  test("disagrees with an author who sees less risk than the guard, never with one who sees more", async () => {
    const { verdict, reasons, risks } = await opinion([
      { ...copies, run: "rm -rf /srv" },
      { ...copies, risk: "high" },
    ]);
    expect([verdict, risks]).toEqual([
      "disagree",
      [
        { step: 1, risk: "critical" },
        { step: 2, risk: "high" },
      ],
    ]);
    expect(reasons).toContain("more risk in step 1 than the author");
  });

  const absent = (which: string) => `It changes something and has no ${which}.`;
  test.each<[string, Partial<StepDraft>[], (string | number | undefined)[][]]>([
    ["a missing check", [{ run: "cp a b", undo: "rm b" }], [["concern", 1, absent("check")]]],
    ["a missing undo", [{ run: "cp a b", check: "test -e b" }], [["concern", 1, absent("undo")]]],
    ["both", [{ run: "cp a b" }], [["concern", 1, absent("check and no undo")]]],
    [
      "a command that may only look",
      [{ risk: "critical", run: "docker compose ps" }],
      [["remark", 1, "It has no check and no undo, and the guard cannot tell that it changes nothing."]],
    ],
    [
      "a file that is not named",
      [{ ...copies, run: 'cp -R "$MESH/projects/shop/dist" shop' }],
      [["concern", 1, "It uses projects/shop/dist without naming it in its needs."]],
    ],
    [
      "a variable that nobody gives",
      [{ ...copies, run: 'echo "$DATABASE_URL" > shop' }],
      [["concern", 1, "It uses DATABASE_URL, which neither its needs nor its target give it."]],
    ],
    [
      "an image that can become another one",
      [{ ...copies, risk: "high", run: "docker run -d --name shop -e A=b registry.example.com/shop:latest" }],
      [["concern", 1, expect.stringContaining("registry.example.com/shop:latest is not pinned")]],
    ],
    [
      "what cannot be read",
      [{ ...copies, risk: "critical", run: "cp a 'b" }],
      [["blocker", 1, expect.stringContaining("cannot be read as shell")]],
    ],
    [
      "a dangerous undo",
      [{ ...copies, undo: "rm -rf /srv" }],
      [["concern", 1, expect.stringContaining("Undoing it has critical risk")]],
    ],
    [
      "a risky change before harmless ones",
      [{ ...copies, risk: "high" }, copies, { ...copies, needs: { steps: [1] } }],
      [["remark", 1, "It is riskier than step 2, before which it stands without being needed there."]],
    ],
  ])("finds %s", async (_, steps, findings) => {
    expect(await said(steps)).toEqual(findings);
  });

  test.each<[string, Partial<StepDraft>]>([
    [
      "a file below a named folder",
      { run: 'cp "$MESH/projects/shop/dist/a" b', needs: { files: ["projects/shop/dist"] } },
    ],
    ["a named variable", { run: 'echo "$TOKEN" > a', needs: { env: ["TOKEN"] } }],
    ["a variable of the target", { run: 'echo "$REGION" > a' }],
    ["a variable with a default", { run: `echo "\${PORT:-80}" "\${#}" > a` }],
    ["its own variables", { run: 'NEXT=a\nfor EACH in b c; do echo "$NEXT $EACH" > d; done' }],
    ["what is no variable", { run: "awk '{ print $NF }' a > b; echo \\$HOST > c" }],
    [
      "pinned images",
      { risk: "high", run: `docker pull shop:1.4\ndocker run --rm -p 80:80 shop@sha256:${"0".repeat(64)}` },
    ],
    ["an image in a variable", { risk: "high", run: 'TAG=1\ndocker pull "shop:$TAG"' }],
    ["a step by hand", { run: undefined as never }],
  ])("says nothing of %s", async (_, step) => {
    const { run, ...rest } = { ...copies, check: "test -e b", undo: "rm -f a b d", ...step };
    expect(await said([run === undefined ? { title: "By hand" } : { ...rest, run }])).toEqual([]);
  });

  test("says what changes production, and finds images in the session's own files", async () => {
    const source = "services:\n  image:\n    image: nginx\n  db:\n    image: 'postgres:16.2'\n";
    expect(
      await said([{ run: "df ." }, copies, copies], "production", [{ file: "projects/a/compose.yaml", source }]),
    ).toEqual([
      ["remark", undefined, "Production is changed by steps 2 and 3."],
      ["concern", undefined, expect.stringContaining("The image nginx in projects/a/compose.yaml is not pinned")],
    ]);
  });
});
