import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test, vi } from "vitest";
import { approveStep, checkStep, continueReview, runStep, takeApprovals } from "../src/index.ts";
import { appendEvent } from "../src/journal.ts";
import { isRunning } from "../src/process-identity.ts";
import { type Program, startProgram } from "./program.ts";
import { ada, approveAndRun, makePipe, makeWorkspace, type Workspace } from "./workspace.ts";

/** Another process that opens the runbook, approves step 1 and runs it. */
function startReviewer({ request }: Workspace): Program {
  return startProgram(`
    import { approveStep, beginReview, openRunbook, runStep } from "@memomesh/runbooks";
    const by = { name: "Grace Hopper", email: "grace@example.com" };
    const allowedFiles = () => ({ allowed: true, reason: "" });
    const reviewed = await openRunbook({ ...${JSON.stringify(request)}, allowedFiles });
    const review = await beginReview(reviewed, { by, environment: {}, onOutput: (text) => process.stdout.write(text) });
    await approveStep(reviewed, 1, { by, how: "terminal" });
    await runStep(review, 1);
    process.exit();`);
}

/** When the step's command is at work and the journal knows its process. */
async function underWay(reviewer: Program, workspace: Workspace): Promise<void> {
  expect(await reviewer.line()).toBe("begun");
  await vi.waitFor(async () => expect((await workspace.open()).journal.events.at(-1)?.type).toBe("spawned"), {
    interval: 5,
  });
}

test("a reviewer killed in the middle of a step leaves it uncertain, and it does not run again without a new decision", async () => {
  const workspace = await makeWorkspace();
  const gate = join(workspace.site, "gate");
  makePipe(gate);
  await workspace.write([{ run: "echo begin >> ran; echo begun; read -r line < gate; echo end >> ran" }]);
  const reviewer = startReviewer(workspace);
  await underWay(reviewer, workspace);
  await reviewer.kill();

  let review = await workspace.review();
  const found = review.reviewed.steps[0]!.state;
  expect(found).toMatchObject({ state: "uncertain", phase: "run", by: { name: "Grace Hopper" } });
  await expect(runStep(review, 1)).rejects.toMatchObject({ code: "step.running", exit: 75 });

  await writeFile(gate, "go\n");
  await vi.waitFor(() => expect(found.state === "uncertain" && isRunning(found.process!)).toBe(false), { interval: 5 });
  await expect(runStep(review, 1)).rejects.toMatchObject({ code: "approval.missing", exit: 77 });
  await expect(approveAndRun(review, 1)).rejects.toMatchObject({ code: "step.again", exit: 77 });
  expect(await readFile(join(workspace.site, "ran"), "utf8")).toBe("begin\nend\n");

  await workspace.write([{ run: "echo repaired >> ran" }]);
  review = { ...review, reviewed: await workspace.open() };
  expect(await approveAndRun(review, 1, true)).toMatchObject({ state: { state: "done", by: ada } });
});

test("while a step runs, a second reviewer sees it and is told who is at it", async () => {
  const workspace = await makeWorkspace();
  makePipe(join(workspace.site, "gate"));
  await workspace.write([{ run: "echo begun; read -r line < gate" }]);
  const reviewer = startReviewer(workspace);
  await underWay(reviewer, workspace);

  const { steps, holder } = await workspace.open();
  expect(steps[0]?.state).toMatchObject({ state: "running", standing: { by: { name: "Grace Hopper" } } });
  expect(holder).toMatchObject({ pid: reviewer.pid });
  await expect(workspace.review()).rejects.toMatchObject({
    code: "runbook.held",
    exit: 75,
    sentence: expect.stringContaining(`Grace Hopper <grace@example.com>`),
  });

  await writeFile(join(workspace.site, "gate"), "go\n");
  await reviewer.ended;
  expect((await workspace.open()).steps[0]?.state).toMatchObject({ state: "done" });
});

test("a crash between using an approval up and starting the step costs only the approval", async () => {
  const workspace = await makeWorkspace();
  await workspace.write([{ run: "touch ran" }]);
  const review = await workspace.review();
  const approval = await approveStep(review.reviewed, 1, { by: ada, how: "terminal" });
  await takeApprovals(workspace.meshRoot, approval, { people: 1, hours: 24, now: new Date() });
  const later = await continueReview(review, workspace.request);
  expect(later.reviewed.steps[0]?.state).toEqual({ state: "pending" });
  await expect(runStep(later, 1)).rejects.toMatchObject({ code: "approval.missing" });
});

test("a crash between run and check leaves the check to be run", async () => {
  const workspace = await makeWorkspace();
  await workspace.write([{ run: "touch ran", check: "test -e ran" }]);
  const review = await workspace.review();
  const { file } = review.reviewed.journal;
  const digest = review.reviewed.steps[0]!.digest!;
  const about = { step: 1, phase: "run" } as const;
  const at = "2026-11-21T10:15:00Z";
  await appendEvent(file, at, {
    type: "started",
    ...about,
    digest,
    by: ada,
    target: "staging",
    checked: true,
    executor: 1,
  });
  await writeFile(join(workspace.site, "ran"), "");
  const end = { kind: "exited", exit: 0 } as const;
  await appendEvent(file, at, {
    type: "finished",
    ...about,
    end,
    milliseconds: 1,
    output: "",
    omitted: 0,
    leftovers: false,
  });
  const later = await continueReview(review, workspace.request);
  expect(later.reviewed.steps[0]?.state).toMatchObject({ state: "unverified" });
  await expect(approveAndRun(later, 1)).rejects.toMatchObject({ code: "step.again" });
  expect(await checkStep(later, 1)).toMatchObject({ state: { state: "done", check: "passed" } });
});
