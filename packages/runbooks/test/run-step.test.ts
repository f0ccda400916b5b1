import { mkdir, readdir, readFile, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { Connections } from "../src/connections.ts";
import { approveStep, checkStep, continueReview, markByHand, runStep, skipStep, stepStates } from "../src/index.ts";
import { readJournal } from "../src/journal.ts";
import { executePhase } from "../src/phase.ts";
import { syntaxProblem } from "../src/shell.ts";
import { ada, approveAndRun, grace, makeWorkspace, target } from "./workspace.ts";

describe("a step", () => {
  test("runs in the bytes that were shown, though the file is edited in between", async () => {
    const workspace = await makeWorkspace();
    await workspace.write([{ run: "echo shown > ran", check: "grep -q shown ran" }]);
    const review = await workspace.review();
    await approveStep(review.reviewed, 1, { by: ada, how: "terminal" });
    await workspace.write([{ run: "echo other > ran" }]);
    expect(await runStep(review, 1)).toMatchObject({ state: { state: "done", check: "passed", by: ada } });
    expect(await readFile(join(workspace.site, "ran"), "utf8")).toBe("shown\n");
  });

  test("does not run without an approval, and runs once with one", async () => {
    const workspace = await makeWorkspace();
    await workspace.write([{ run: "echo once >> ran" }]);
    const review = await workspace.review();
    await expect(runStep(review, 1)).rejects.toMatchObject({ code: "approval.missing", exit: 77 });
    await approveAndRun(review, 1);
    const later = await continueReview(review, workspace.request);
    await expect(runStep(later, 1)).rejects.toMatchObject({ code: "approval.missing" });
    expect(await readFile(join(workspace.site, "ran"), "utf8")).toBe("once\n");
  });

  test("that is done runs again only when that is said in so many words", async () => {
    const workspace = await makeWorkspace();
    await workspace.write([{ run: "echo x >> ran" }]);
    const review = await workspace.review();
    await approveAndRun(review, 1);
    const later = await continueReview(review, workspace.request);
    await expect(approveAndRun(later, 1)).rejects.toMatchObject({ code: "step.again", exit: 77 });
    expect(await approveAndRun(later, 1, true)).toMatchObject({ state: { state: "done" } });
  });

  test("does not run when a file that it names changes after the approval", async () => {
    const workspace = await makeWorkspace();
    const file = join(workspace.meshRoot, "projects/tool.sh");
    await writeFile(file, "touch good");
    await workspace.write([
      { attributes: "Risk: low. Needs: `projects/tool.sh`.", run: 'sh "$MESH/projects/tool.sh"' },
    ]);
    const review = await workspace.review();
    await approveStep(review.reviewed, 1, { by: ada, how: "terminal", target: "staging" });
    await writeFile(file, "touch evil");
    await expect(runStep(review, 1)).rejects.toMatchObject({ code: "step.drift", exit: 77 });
    expect(await readdir(workspace.site)).toEqual([]);
  });

  test("waits for the steps that it needs and for the decision on those before it", async () => {
    const workspace = await makeWorkspace();
    await workspace.write([{ run: "true" }, { run: "true" }, { attributes: "Risk: low. Needs: step 1.", run: "true" }]);
    let review = await workspace.review();
    await expect(approveAndRun(review, 2)).rejects.toMatchObject({ code: "step.order", exit: 77 });
    await expect(approveAndRun(review, 3)).rejects.toMatchObject({ code: "step.needs", exit: 77 });
    await approveAndRun(review, 1);
    await skipStep(review, 2, "not for this release");
    review = await continueReview(review, workspace.request);
    expect(await approveAndRun(review, 3)).toMatchObject({ state: { state: "done" } });
  });

  test("cannot need a step that was skipped", async () => {
    const workspace = await makeWorkspace();
    await workspace.write([{ run: "true" }, { attributes: "Risk: low. Needs: step 1.", run: "true" }]);
    const review = await workspace.review();
    await skipStep(review, 1, "later");
    await expect(approveAndRun(review, 2)).rejects.toMatchObject({ code: "step.needs" });
  });

  test("is skipped only with a reason", async () => {
    const workspace = await makeWorkspace();
    await workspace.write([{ run: "true" }]);
    const review = await workspace.review();
    await expect(skipStep(review, 1, "  ")).rejects.toMatchObject({ code: "step.reason", exit: 2 });
    await skipStep(review, 1, "done last week");
    expect((await workspace.open()).steps[0]?.state).toMatchObject({ state: "skipped", reason: "done last week" });
  });

  test("whose check fails has failed", async () => {
    const workspace = await makeWorkspace();
    await workspace.write([{ run: "true", check: "test -e nothing" }]);
    const result = await approveAndRun(await workspace.review(), 1);
    expect(result.state).toMatchObject({ state: "failed", phase: "check", end: { kind: "exited", exit: 1 } });
  });

  test("with a mistake in its shell text runs no part of it", async () => {
    const workspace = await makeWorkspace();
    const text = "touch ran\nif true; then";
    await workspace.write([{ run: text }]);
    await expect(approveAndRun(await workspace.review(), 1)).rejects.toMatchObject({ code: "approval.critical" });
    expect(await syntaxProblem(text)).toMatch(/syntax error/);
    expect(await readdir(workspace.site)).toEqual([]);
  });

  test("does not run without the variables that it names", async () => {
    const workspace = await makeWorkspace();
    await workspace.write([{ attributes: "Risk: low. Needs: TOKEN.", run: "touch ran" }]);
    const review = await workspace.review();
    expect(review.reviewed.steps[0]?.variables).toEqual([{ name: "TOKEN", present: false }]);
    await expect(approveAndRun(review, 1)).rejects.toMatchObject({ code: "step.variables", exit: 65 });
  });

  test("says that the target's folder is missing, and did not run", async () => {
    const workspace = await makeWorkspace();
    await workspace.write([{ run: "true" }]);
    const targets = { staging: target(join(workspace.meshRoot, "nowhere")) };
    const result = await approveAndRun(await workspace.review({}, { targets }), 1);
    expect(result).toMatchObject({ state: { state: "pending" }, execution: { end: { kind: "not-started" } } });
  });
});

describe("a step by hand", () => {
  test("is checked afterwards", async () => {
    const workspace = await makeWorkspace();
    await workspace.write([{ prose: "Ask Bob for a certificate.", check: "test -e cert" }]);
    const review = await workspace.review();
    await expect(runStep(review, 1)).rejects.toMatchObject({ code: "step.manual" });
    expect(await markByHand(review, 1)).toMatchObject({ state: { state: "failed", phase: "check" } });
    await mkdir(join(workspace.site, "cert"));
    const later = await continueReview(review, workspace.request);
    expect(await checkStep(later, 1)).toMatchObject({ state: { state: "by-hand", check: "passed", by: ada } });
  });

  test("runs nothing of its commands", async () => {
    const workspace = await makeWorkspace();
    await workspace.write([{ run: "touch ran" }]);
    const review = await workspace.review({ by: grace });
    expect(await markByHand(review, 1, "with another tool")).toMatchObject({
      state: { state: "by-hand", check: "none", by: grace },
    });
    expect(await readdir(workspace.site)).toEqual([]);
  });

  test("is not checked by a check that was changed since", async () => {
    const workspace = await makeWorkspace();
    await workspace.write([{ check: "true" }]);
    await markByHand(await workspace.review(), 1);
    await workspace.write([{ check: "touch ran" }]);
    const reviewed = await workspace.open();
    const review = {
      reviewed,
      by: ada,
      environment: {},
      lock: { release: async () => {} },
      connections: new Connections(),
    };
    await expect(checkStep(review, 1)).rejects.toMatchObject({ code: "step.drift", exit: 77 });
    expect(await readdir(workspace.site)).toEqual([]);
  });
});

describe("the journal", () => {
  test("says that a step was started before any of it runs", async () => {
    const workspace = await makeWorkspace();
    const journal = workspace.runbook.replace(/\.md$/, ".record.jsonl");
    await workspace.write([{ run: `cp '${journal}' journal` }]);
    await approveAndRun(await workspace.review(), 1);
    const seen = await readJournal(join(workspace.site, "journal"));
    const [approval] = await readdir(join(workspace.meshRoot, ".memomesh/approvals/used"));
    expect(stepStates(seen.events).get(1)).toMatchObject({ state: "uncertain", by: ada });
    expect(seen.events.find(({ type }) => type === "started")).toMatchObject({ approval: approval?.split(".").at(-2) });
  });

  test("bears a torn last line, says so, and goes on behind it", async () => {
    const workspace = await makeWorkspace();
    await workspace.write([{ run: "true" }, { run: "true" }]);
    const review = await workspace.review();
    await approveAndRun(review, 1);
    const file = review.reviewed.journal.file;
    const whole = await readFile(file, "utf8");
    await writeFile(file, `${whole}{"at":"2026-11-21T10:20:00Z","type":"star`);
    const later = await continueReview(review, workspace.request);
    expect(later.reviewed.journal.torn).toEqual([expect.stringContaining(":5: ")]);
    expect(await approveAndRun(later, 2)).toMatchObject({ state: { state: "done" } });
    const { torn, events } = await readJournal(file);
    expect(torn).toHaveLength(1);
    expect(stepStates(events).get(1)).toMatchObject({ state: "done" });
  });

  test("leaves a step uncertain whose last line was torn off", async () => {
    const workspace = await makeWorkspace();
    await workspace.write([{ run: "true" }]);
    const review = await workspace.review();
    await approveAndRun(review, 1);
    const file = review.reviewed.journal.file;
    await writeFile(file, (await readFile(file, "utf8")).slice(0, -20));
    const later = await continueReview(review, workspace.request);
    expect(later.reviewed.steps[0]?.state).toMatchObject({ state: "uncertain", phase: "run" });
    await expect(approveAndRun(later, 1)).rejects.toMatchObject({ code: "step.again" });
  });

  test("that holds a line of somebody else stops everything", async () => {
    const workspace = await makeWorkspace();
    await workspace.write([{ run: "true" }]);
    await writeFile(workspace.runbook.replace(/\.md$/, ".record.jsonl"), '{"at":"now","type":"cleared"}\n');
    await expect(workspace.open()).rejects.toMatchObject({ code: "journal.event", exit: 65, place: { line: 1 } });
  });

  test("is not led elsewhere by a link", async () => {
    const workspace = await makeWorkspace();
    await workspace.write([{ run: "true" }]);
    await symlink(join(workspace.meshRoot, "elsewhere"), workspace.runbook.replace(/\.md$/, ".record.jsonl"));
    await expect(workspace.open()).rejects.toMatchObject({ code: "journal.link" });
  });
});

test("a file that changes in the last moment stops a step that the journal already calls started", async () => {
  const workspace = await makeWorkspace();
  const file = join(workspace.meshRoot, "projects/page");
  await writeFile(file, "shown");
  await workspace.write([{ attributes: "Risk: low. Needs: `projects/page`.", run: "touch ran" }]);
  const review = await workspace.review();
  await writeFile(file, "swapped");
  const found = review.reviewed.steps[0]!;
  const { end } = await executePhase(review, found, { phase: "run", text: "touch ran", digest: found.digest! });
  expect(end).toMatchObject({ kind: "not-started", reason: expect.stringContaining("`projects/page` changed") });
  expect(await readdir(workspace.site)).toEqual([]);
  expect((await workspace.open()).steps[0]?.state).toEqual({ state: "pending" });
});
