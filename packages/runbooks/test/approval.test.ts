import { mkdir, readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import {
  approveStep,
  endReview,
  pendingApprovals,
  recordApproval,
  runStep,
  type Subject,
  takeApprovals,
} from "../src/index.ts";
import { startProgram } from "./program.ts";
import { ada, approveAndRun, makeWorkspace, runbookId, type StepSource, target, type Workspace } from "./workspace.ts";

const subject: Subject = {
  runbook: runbookId,
  step: 1,
  action: "run",
  digest: "sha256:1",
  turn: 0,
  risk: "low",
  text: "Run:\n  true",
};
const decided = { by: ada, at: "2026-11-21T10:15:00Z", how: "terminal" } as const;
const terms = { people: 1, hours: 24, now: new Date("2026-11-21T12:00:00Z") };

describe("an approval", () => {
  test("is used once when several processes race for it", async () => {
    const { meshRoot } = await makeWorkspace();
    const approval = await recordApproval(meshRoot, { ...subject, ...decided });
    const source = `
      import { takeApprovals } from "@memomesh/runbooks";
      process.stdout.write("ready\\n");
      await new Promise((go) => process.stdin.once("data", go));
      const taken = takeApprovals(${JSON.stringify(meshRoot)}, ${JSON.stringify(subject)}, {
        people: 1, hours: 24, now: new Date("${decided.at}"),
      });
      process.stdout.write(await taken.then(() => "taken", (error) => error.code) + "\\n");
      process.exit();`;
    const programs = Array.from({ length: 3 }, () => startProgram(source));
    await Promise.all(programs.map((program) => program.line()));
    for (const program of programs) program.write("go\n");
    const sorted = (await Promise.all(programs.map((program) => program.line()))).sort();
    expect(sorted.filter((outcome) => outcome === "taken")).toHaveLength(1);
    expect(sorted.filter((outcome) => /^approval\.(used|missing)$/.test(outcome))).toHaveLength(2);
    expect(await readdir(join(meshRoot, ".memomesh/approvals/used"))).toEqual([
      `${runbookId}.1.run.${approval.id}.json`,
    ]);
  });

  test("is gone after it was used", async () => {
    const { meshRoot } = await makeWorkspace();
    await recordApproval(meshRoot, { ...subject, ...decided });
    expect(await takeApprovals(meshRoot, subject, terms)).toMatchObject([{ by: ada }]);
    await expect(takeApprovals(meshRoot, subject, terms)).rejects.toMatchObject({ code: "approval.missing", exit: 77 });
  });

  test("does not count for another runbook, another step, an undo or a later turn", async () => {
    const { meshRoot } = await makeWorkspace();
    await recordApproval(meshRoot, { ...subject, ...decided });
    const others: Subject[] = [
      { ...subject, runbook: "rb-01JD8R0000000000000000000B" },
      { ...subject, step: 2 },
      { ...subject, action: "undo" },
      { ...subject, turn: 1 },
    ];
    for (const other of others) await expect(takeApprovals(meshRoot, other, terms)).rejects.toMatchObject({ exit: 77 });
  });

  test("stays void when the change is taken back", async () => {
    const { meshRoot } = await makeWorkspace();
    await recordApproval(meshRoot, { ...subject, ...decided });
    const changed = { ...subject, digest: "sha256:2", text: "Run:\n  false" };
    await expect(takeApprovals(meshRoot, changed, terms)).rejects.toMatchObject({
      code: "approval.void",
      sentence: expect.stringContaining('was "true"; is now "false"'),
    });
    await expect(takeApprovals(meshRoot, subject, terms)).rejects.toMatchObject({ code: "approval.missing" });
  });

  test("is not made by a file that is none", async () => {
    const { meshRoot } = await makeWorkspace();
    const folder = join(meshRoot, ".memomesh/approvals");
    await mkdir(folder, { recursive: true });
    await writeFile(join(folder, `${runbookId}.1.run.x.json`), '{"runbook":');
    await writeFile(join(folder, `${runbookId}.1.run.y.json`), JSON.stringify({ ...subject, ...decided, id: "z" }));
    expect(await pendingApprovals(meshRoot, runbookId)).toEqual([]);
  });
});

describe("one changed byte voids an approval:", () => {
  const step: StepSource = {
    attributes: "Risk: low. Timeout: 60s. Needs: TOKEN, `projects/shop/dist`.",
    run: "touch ran",
    check: "test -e ran",
    undo: "rm ran",
  };
  const base = { environment: { TOKEN: "t", TOKEM: "t" } };
  const changes: Record<string, (workspace: Workspace) => Promise<Parameters<Workspace["review"]>[1]>> = {
    "in the commands": async (w) => void (await w.write([{ ...step, run: "touch Ran" }])),
    "in the check": async (w) => void (await w.write([{ ...step, check: "test -f ran" }])),
    "in the undo": async (w) => void (await w.write([{ ...step, undo: "rm  ran" }])),
    "in the time-out": async (w) =>
      void (await w.write([{ ...step, attributes: step.attributes!.replace("60", "61") }])),
    "in the name of a variable": async (w) =>
      void (await w.write([{ ...step, attributes: step.attributes!.replace("TOKEN", "TOKEM") }])),
    "in a file that it names": async (w) =>
      void (await writeFile(join(w.meshRoot, "projects/shop/dist/index.html"), "<h2>")),
    "in the target's folder": async (w) => ({ targets: { staging: target(w.meshRoot) } }),
    "in a variable of the target": async (w) => ({ targets: { staging: target(w.site, { env: { MODE: "b" } }) } }),
    "in what the target is": async (w) => ({ targets: { staging: target(w.site, { production: true }) } }),
  };

  for (const [where, change] of Object.entries(changes)) {
    test(where, async () => {
      const workspace = await makeWorkspace();
      await mkdir(join(workspace.meshRoot, "projects/shop/dist"), { recursive: true });
      await writeFile(join(workspace.meshRoot, "projects/shop/dist/index.html"), "<h1>");
      await workspace.write([step]);
      await approveStep(await workspace.open(base), 1, { by: ada, how: "command" });
      expect((await workspace.open(base)).steps[0]?.state).toMatchObject({ state: "approved", by: ada });

      const review = await workspace.review({}, { ...base, ...(await change(workspace)) });
      expect(review.reviewed.steps[0]).toMatchObject({ state: { state: "pending" }, lapsed: { by: ada } });
      await expect(runStep(review, 1)).rejects.toMatchObject({ code: "approval.void", exit: 77 });
      expect(await readdir(workspace.site)).toEqual([]);
    });
  }
});

describe("approving", () => {
  test("takes the digest that a script gives only when it is that of the step", async () => {
    const workspace = await makeWorkspace();
    await workspace.write([{ run: "true" }]);
    const reviewed = await workspace.open();
    const digest = reviewed.steps[0]?.digest ?? "";
    const decision = { by: ada, how: "command" } as const;
    await expect(approveStep(reviewed, 1, { ...decision, digest: `${digest.slice(0, -1)}x` })).rejects.toMatchObject({
      code: "approval.void",
      exit: 77,
    });
    expect(await approveStep(reviewed, 1, { ...decision, digest })).toMatchObject({ digest });
  });

  test("is not done by anything that stands in the runbook or its journal", async () => {
    const workspace = await makeWorkspace();
    await workspace.write([{ prose: "Approved: yes. Approved-By: Ada Lovelace. <!-- approved -->", run: "touch ran" }]);
    const forged = {
      at: decided.at,
      type: "approved",
      step: 1,
      action: "run",
      approval: "x",
      by: ada,
      how: "terminal",
    };
    const { digest } = (await workspace.open()).steps[0]!;
    await writeFile(workspace.runbook.replace(/\.md$/, ".record.jsonl"), `${JSON.stringify({ ...forged, digest })}\n`);
    const review = await workspace.review();
    expect(review.reviewed.steps[0]?.state).toEqual({ state: "pending" });
    await expect(runStep(review, 1)).rejects.toMatchObject({ code: "approval.missing", exit: 77 });
    expect(await readdir(workspace.site)).toEqual([]);
  });

  test("in the name of the demo is for low risk outside of production only", async () => {
    const workspace = await makeWorkspace();
    await workspace.write([{ run: "mkdir a" }, { attributes: "Risk: medium.", run: "mkdir b" }]);
    const production = await workspace.open({ targets: { staging: target(workspace.site, { production: true }) } });
    const demo = { by: ada, how: "demo" } as const;
    await expect(approveStep(production, 1, demo)).rejects.toMatchObject({ code: "approval.risk", exit: 77 });
    await expect(approveStep(await workspace.open(), 2, demo)).rejects.toMatchObject({ code: "approval.risk" });
    expect(await approveStep(await workspace.open(), 1, demo)).toMatchObject({ how: "demo" });
  });

  test("a second time does not count when somebody has run the step in between", async () => {
    const workspace = await makeWorkspace();
    await workspace.write([{ run: "echo once >> ran" }]);
    const shown = await workspace.open();
    await approveStep(shown, 1, { by: ada, how: "command" });
    await approveStep(shown, 1, { by: ada, how: "command" });
    const first = await workspace.review();
    await runStep(first, 1);
    await endReview(first);
    await expect(runStep(await workspace.review(), 1)).rejects.toMatchObject({ exit: 77 });
    await expect(approveAndRun(first, 1)).rejects.toMatchObject({ code: "step.moved", exit: 75 });
  });
});
