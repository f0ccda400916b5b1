import { symlink, writeFile } from "node:fs/promises";
import { type Opinion, printOpinion } from "@memomesh/core";
import { parseRunbook } from "@memomesh/core/markdown";
import { describe, expect, test } from "vitest";
import { checkRunbook, opinionFile } from "../src/index.ts";
import { makeWorkspace, runbookId, runbookSource, type Workspace } from "./workspace.ts";

const steps = [
  { run: "touch a", check: "test -e a", undo: "rm a" },
  { run: "touch b", check: "test -e b", undo: "rm b" },
];
const opinion: Opinion = {
  ...{ agent: "second", model: "gpt-test", verdict: "disagree", reasons: "The second step is dangerous." },
  risks: [
    { step: 1, risk: "low" },
    { step: 2, risk: "high" },
  ],
  findings: [{ severity: "remark", text: "Nobody is told." }],
};

async function workspaceWith(given: Partial<Opinion> = {}): Promise<Workspace> {
  const workspace = await makeWorkspace();
  await workspace.write(steps);
  const runbook = parseRunbook(runbookSource(steps), "deploy.md");
  await writeFile(
    opinionFile(workspace.runbook),
    printOpinion({ ...opinion, ...given }, runbook, "2026-11-21T10:20:00Z"),
  );
  return workspace;
}

describe("an opinion beside a runbook", () => {
  test("is read with it, and each step gets its part", async () => {
    const workspace = await workspaceWith({ findings: [{ step: 1, severity: "concern", text: "It is empty." }] });
    const reviewed = await workspace.open();
    expect(reviewed.opinion).toMatchObject({ state: "current", opinion: { agent: "second", verdict: "disagree" } });
    expect(reviewed.steps.map((step) => step.opinion)).toEqual([
      {
        agent: "second",
        stale: false,
        risk: undefined,
        findings: [{ step: 1, severity: "concern", text: "It is empty." }],
      },
      { agent: "second", stale: false, risk: "high", findings: [] },
    ]);
  });

  test("raises the risk of a step, and says that it was the second agent", async () => {
    const reviewed = await (await workspaceWith()).open();
    expect(reviewed.steps.map(({ risk }) => [risk.author, risk.second, risk.run, risk.undo])).toEqual([
      ["low", undefined, "low", "medium"],
      ["low", "high", "high", "high"],
    ]);
    expect(checkRunbook(reviewed).map(({ sentence }) => sentence)).toEqual([
      "step 2: it claims low risk; it is high: a second agent says so.",
    ]);
  });

  test("never lowers a risk, neither the author's nor the guard's", async () => {
    const workspace = await makeWorkspace();
    const risky = [
      { attributes: "Risk: high.", run: "touch a" },
      { attributes: "Risk: medium.", run: "rm -rf /" },
    ];
    await workspace.write(risky);
    const before = (await workspace.open()).steps.map(({ risk, digest }) => [risk.run, risk.undo, digest]);
    const risks = [1, 2].map((step) => ({ step, risk: "low" }) as const);
    const source = printOpinion({ ...opinion, risks }, parseRunbook(runbookSource(risky), "x"), "2026-11-21T10:20:00Z");
    await writeFile(opinionFile(workspace.runbook), source);
    const after = await workspace.open();
    expect(after.steps.map(({ risk }) => risk.second)).toEqual(["low", "low"]);
    expect(after.steps.map(({ risk, digest }) => [risk.run, risk.undo, digest])).toEqual(before);
  });

  test("is stale as soon as a byte of the runbook is another one, and changes no risk then", async () => {
    const workspace = await workspaceWith();
    await writeFile(workspace.runbook, `${runbookSource(steps)}\n`);
    const reviewed = await workspace.open();
    expect(reviewed.opinion?.state).toBe("stale");
    expect(reviewed.steps.map(({ risk }) => risk.run)).toEqual(["low", "low"]);
    expect(reviewed.steps[1]?.opinion).toMatchObject({ stale: true, risk: "high" });
  });

  test("of another runbook is stale", async () => {
    const workspace = await workspaceWith();
    await writeFile(workspace.runbook, runbookSource(steps).replace(runbookId, "rb-01JD8R0000000000000000000B"));
    expect((await workspace.open()).opinion?.state).toBe("stale");
  });

  test("is not there for most runbooks", async () => {
    const workspace = await makeWorkspace();
    await workspace.write(steps);
    expect((await workspace.open()).opinion).toBeUndefined();
  });

  test("that cannot be read does not keep anybody from the runbook", async () => {
    const workspace = await workspaceWith();
    await writeFile(opinionFile(workspace.runbook), "---\nverdict: agree\n---\n");
    const { opinion: found, steps: read } = await workspace.open();
    expect(found).toMatchObject({
      state: "unreadable",
      why: expect.stringContaining("deploy.review.md:1: runbook is missing"),
    });
    expect(read).toHaveLength(2);
  });

  test("is not followed out of the folder", async () => {
    const workspace = await makeWorkspace();
    await workspace.write(steps);
    await symlink("/etc/passwd", opinionFile(workspace.runbook));
    expect((await workspace.open()).opinion).toMatchObject({
      state: "unreadable",
      why: expect.stringContaining("symbolic link"),
    });
  });
});
