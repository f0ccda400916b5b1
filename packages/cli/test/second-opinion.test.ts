// What a person sees of a second agent's opinion before they decide.
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type Opinion, printOpinion } from "@memomesh/core";
import { parseRunbook } from "@memomesh/core/markdown";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { memomesh, temporaryFolder } from "./program.ts";

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let cwd: string;
const call = (...args: string[]) => memomesh(args, { cwd });
const file = (name: string) => join(cwd, "runbooks", name);

const source = `---
id: rb-01JD8Q5T3ZK3N6V9Y2M4R7W1XB
node: operator
target: staging
created: 2026-11-21T10:00:00Z
---
# Trial

## What this does
Tries.

## Step 1: Look
Risk: low.

\`\`\`sh run
df .
\`\`\`

## Step 2: Copy
Risk: low.

\`\`\`sh run
touch b
\`\`\`
`;

const opinion: Opinion = {
  ...{ agent: "gpt", model: "gpt-test", verdict: "disagree", reasons: "The copy cannot be taken back." },
  risks: [{ step: 2, risk: "critical" }],
  findings: [
    { severity: "concern", text: "Nobody is told.", instead: "Write a memo." },
    { step: 2, severity: "blocker", text: "There is no \u001b[2J\u202eundo." },
  ],
};

beforeAll(async () => {
  folder = await temporaryFolder();
  cwd = join(folder.path, "studio");
  await memomesh(["init", "studio", "--no-git"], { cwd: folder.path });
  await mkdir(join(cwd, "runbooks"), { recursive: true });
  await give(opinion);
});
afterAll(() => folder[Symbol.asyncDispose]());

/** Lays down the runbook as it was written, and an opinion on it. */
async function give(given: Opinion): Promise<void> {
  await writeFile(file("trial.md"), source);
  const date = "2026-11-21T10:20:00Z";
  await writeFile(file("trial.review.md"), printOpinion(given, parseRunbook(source, "trial.md"), date));
}

describe.each([
  ["runbook show", ["runbook", "show", "trial"]],
  ["review without a terminal", ["review", "trial"]],
])("memomesh %s", (_, args) => {
  test("tells who looked at the runbook and what they think, before its steps", async () => {
    const { out } = await call(...args);
    const [before = "", first = "", second = ""] = out.split(/^Step \d.*$/m);
    expect(before).toContain("highest risk critical");
    expect(before).toContain(`Second opinion
  gpt (gpt-test) disagrees: 1 blocker, 1 concern
  why    The copy cannot be taken back.
  second concern: Nobody is told. Instead: Write a memo.
`);
    expect(first).not.toContain("second ");
    expect(second).toContain("  critical risk, on staging");
    expect(second).toContain("  second gpt says critical risk; its author says low, the guard low\n  second blocker: ");
  });

  test("shows nothing of it that a terminal could obey", async () => {
    const { out } = await call(...args);
    expect(out).not.toMatch(/[\u001b\u202e]/);
    expect(out).toContain("There is no ‹U+001B›[2J‹U+202E›undo.");
  });

  test("gives it to scripts", async () => {
    const data = JSON.parse((await call(...args, "--json")).out);
    const { opinion: found, steps } = data.waiting?.[0] ?? data;
    expect(found).toMatchObject({ state: "current", opinion: { agent: "gpt", verdict: "disagree" } });
    expect(steps.map(({ risk }: { risk: string }) => risk)).toEqual(["low", "critical"]);
  });
});

describe("an opinion", () => {
  test("is marked where it is about another text of the runbook", async () => {
    await writeFile(file("trial.md"), source.replace("touch b", "touch c"));
    const { out } = await call("runbook", "show", "trial");
    await give(opinion);
    expect(out).toContain("  stale  It is about another text: the runbook was changed since.\n");
    expect(out).toContain("  second of another text: gpt says critical risk; its author says low, the guard low\n");
    expect(out).toContain("  low risk, on staging");
    expect(out).toContain("its author says low");
  });

  test("that could not be had says so", async () => {
    await give({ agent: "gpt", verdict: "none", reasons: "It could not be had: no key.", risks: [], findings: [] });
    const { out } = await call("runbook", "show", "trial");
    await give(opinion);
    expect(out).toContain("Second opinion\n  gpt gave no opinion\n  why    It could not be had: no key.\n");
  });

  test("that cannot be read says where", async () => {
    const kept = await readFile(file("trial.review.md"), "utf8");
    await writeFile(file("trial.review.md"), kept.replace("verdict: disagree", "verdict: \u001b[2J"));
    const { out, code } = await call("runbook", "show", "trial");
    await give(opinion);
    expect(code).toBe(0);
    expect(out).toMatch(/Second opinion\n {2}error {2}trial\.review\.md:\d/);
    expect(out).not.toContain("\u001b");
  });

  test("is not listed as a runbook", async () => {
    const { out } = await call("runbook", "list", "--all", "--json");
    expect(out).not.toContain("review.md");
    expect(JSON.parse(out).runbooks.filter(({ path }: { path: string }) => path.includes("trial.md"))).toHaveLength(1);
  });
});

describe("memomesh opinion", () => {
  test("asks again, puts the new opinion in place of the old one, and shows it", async () => {
    const { out, code } = await call("opinion", "trial", "--agent", "offline");
    const kept = await readFile(file("trial.review.md"), "utf8");
    await give(opinion);
    expect(code).toBe(0);
    expect(out).toContain("asks offline for a second opinion\n");
    expect(out).toMatch(/Second opinion\n {2}offline disagrees/);
    expect(out).toMatch(/Step 2: Copy\n {2}second concern: It changes something and has no check/);
    expect(kept).toContain("agent: offline\n");
    const unknown = await call("opinion", "trial", "--agent", "nobody");
    expect(unknown).toMatchObject({ code: 2, err: expect.stringContaining('mesh.yml has no agent "nobody"') });
    expect(await readFile(file("trial.review.md"), "utf8")).toContain("agent: gpt\n");
  });
});
