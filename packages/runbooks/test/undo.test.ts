import { readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { approveStep, continueReview, markByHand, runbookProgress, skipStep, undoAll, undoStep } from "../src/index.ts";
import { ada, approveAndRun, makeWorkspace, type StepSource } from "./workspace.ts";

function logged(name: string): StepSource {
  return { run: `echo do ${name} >> log`, undo: `echo undo ${name} >> log` };
}

test("everything that ran is undone in reverse order, and nothing else", async () => {
  const workspace = await makeWorkspace();
  await workspace.write([logged("a"), logged("b"), { run: "test -e log" }, logged("d"), logged("e")]);
  let review = await workspace.review();
  await approveAndRun(review, 1);
  await skipStep(review, 2, "not needed");
  for (const step of [3, 4]) {
    review = await continueReview(review, workspace.request);
    await approveAndRun(review, step);
  }
  review = await continueReview(review, workspace.request);
  const { undone, without } = await undoAll(review, "terminal");
  expect(undone.map(({ step, state }) => [step, state.state])).toEqual([
    [4, "undone"],
    [1, "undone"],
  ]);
  expect(without).toEqual([3]);
  expect(await readFile(join(workspace.site, "log"), "utf8")).toBe("do a\ndo d\nundo d\nundo a\n");
  const { journal, runbook } = await workspace.open();
  expect(runbookProgress(journal.events, runbook)).toMatchObject({ state: "rolled-back" });
});

test("undoing stops at the first undo that fails", async () => {
  const workspace = await makeWorkspace();
  await workspace.write([logged("a"), { run: "true", undo: "false" }]);
  let review = await workspace.review();
  await approveAndRun(review, 1);
  review = await continueReview(review, workspace.request);
  await approveAndRun(review, 2);
  const { undone } = await undoAll(await continueReview(review, workspace.request), "terminal");
  expect(undone.map(({ step, state }) => [step, state.state])).toEqual([[2, "failed"]]);
  expect(await readFile(join(workspace.site, "log"), "utf8")).toBe("do a\n");
});

test("an undo needs an approval of its own", async () => {
  const workspace = await makeWorkspace();
  await workspace.write([logged("a")]);
  let review = await workspace.review();
  await approveAndRun(review, 1);
  review = await continueReview(review, workspace.request);
  await expect(undoStep(review, 1)).rejects.toMatchObject({ code: "approval.missing", exit: 77 });
  await approveStep(review.reviewed, 1, { by: ada, how: "terminal", action: "undo" });
  expect(await undoStep(review, 1)).toMatchObject({ state: { state: "undone" } });
});

test("what did not run is not undone", async () => {
  const workspace = await makeWorkspace();
  await workspace.write([logged("a")]);
  const { reviewed } = await workspace.review();
  const undo = { by: ada, how: "terminal", action: "undo" } as const;
  await expect(approveStep(reviewed, 1, undo)).rejects.toMatchObject({ code: "step.not-run", exit: 2 });
});

test("a step that failed half-way or was done by hand can be undone", async () => {
  const workspace = await makeWorkspace();
  await workspace.write([{ ...logged("a"), run: "false" }, logged("b")]);
  let review = await workspace.review();
  await approveAndRun(review, 1);
  await writeFile(join(workspace.site, "log"), "");
  review = await continueReview(review, workspace.request);
  await skipStep(review, 1, "go on all the same");
  await markByHand(review, 2);
  const { undone } = await undoAll(await continueReview(review, workspace.request), "terminal");
  expect(undone.map(({ step }) => step)).toEqual([2, 1]);
});

test("a step can be undone when a file that it needed is gone", async () => {
  const workspace = await makeWorkspace();
  const file = join(workspace.meshRoot, "projects/page");
  await writeFile(file, "");
  await workspace.write([{ ...logged("a"), attributes: "Risk: low. Needs: `projects/page`." }]);
  const review = await workspace.review();
  await approveAndRun(review, 1);
  await rm(file);
  const { undone } = await undoAll(await continueReview(review, workspace.request), "terminal");
  expect(undone.map(({ state }) => state.state)).toEqual(["undone"]);
});
