import { readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import {
  approvalRule,
  approveStep,
  continueReview,
  markByHand,
  markUndone,
  pendingApprovals,
  runStep,
  undoStep,
  withdrawApproval,
} from "../src/index.ts";
import { ada, approveAndRun, grace, makeWorkspace, runbookId, target } from "./workspace.ts";

const typed = { how: "terminal", target: "staging" } as const;
const high = [{ attributes: "Risk: high.", run: "touch ran", check: "test -e ran", undo: "rm ran" }];

test.each([
  ["low", false, undefined, "together", 1],
  ["low", true, undefined, "alone", 1],
  ["medium", true, undefined, "alone", 1],
  ["high", false, undefined, "typed", 1],
  ["high", false, 2, "typed", 2],
  ["high", true, undefined, "typed", 2],
  ["high", true, 1, "typed", 1],
  ["critical", false, undefined, "by-hand", 1],
] as const)("%s risk, production %s, approvals %s: %s by %i", (risk, production, approvals, manner, people) => {
  expect(approvalRule(risk, { production, approvals })).toEqual({ manner, people });
});

describe("high risk", () => {
  test("is approved only by typing the name of the target", async () => {
    const workspace = await makeWorkspace();
    await workspace.write(high);
    const review = await workspace.review();
    for (const wrong of [{}, { target: "production" }, { target: "" }]) {
      const decision = { by: ada, how: "terminal", ...wrong } as const;
      await expect(approveStep(review.reviewed, 1, decision)).rejects.toMatchObject({
        code: "approval.target",
        exit: 77,
      });
    }
    expect(await pendingApprovals(workspace.meshRoot, runbookId)).toEqual([]);
    expect(await approveAndRun(review, 1)).toMatchObject({ state: { state: "done" } });
  });

  test("in production runs when a second person has approved it, and the journal names both approvals", async () => {
    const workspace = await makeWorkspace();
    const targets = { staging: target(workspace.site, { production: true }) };
    await workspace.write(high);
    const review = await workspace.review({}, { targets });
    const first = await approveStep(review.reviewed, 1, { by: ada, ...typed });
    expect(first.missing).toBe(1);
    await expect(runStep(review, 1)).rejects.toMatchObject({ code: "approval.people", exit: 77 });
    // The same person under another spelling of their name is still one person.
    const again = await approveStep(review.reviewed, 1, { by: { ...ada, name: "ada lovelace" }, ...typed });
    expect(again.missing).toBe(1);
    expect(await readdir(workspace.site)).toEqual([]);

    const later = await continueReview({ ...review, by: grace }, { ...workspace.request, targets });
    expect(later.reviewed.steps[0]?.approvals.run).toMatchObject([{ by: { email: ada.email } }]);
    const second = await approveStep(later.reviewed, 1, { by: grace, ...typed });
    expect(second.missing).toBe(0);
    expect(await runStep(later, 1)).toMatchObject({ state: { state: "done" } });
    const { journal } = await workspace.open({ targets });
    expect(journal.events.find(({ type }) => type === "started")).toMatchObject({
      approval: second.id,
      furtherApprovals: [again.id],
    });
  });

  test("needs people whom git can tell apart", async () => {
    const workspace = await makeWorkspace();
    const targets = { staging: target(workspace.site, { approvals: 2 }) };
    await workspace.write(high);
    const nameless = { by: { name: "ada", email: "" }, ...typed };
    await expect(approveStep(await workspace.open({ targets }), 1, nameless)).rejects.toMatchObject({
      code: "approval.identity",
    });
  });

  test("that a person did not see is not covered by their approval of something harmless", async () => {
    const workspace = await makeWorkspace();
    await workspace.write([{ attributes: "Risk: low.", run: "touch ran" }]);
    await approveStep(await workspace.open(), 1, { by: ada, how: "terminal" });
    // The author's word on the risk is no part of the digest.
    await workspace.write([{ attributes: "Risk: high.", run: "touch ran" }]);
    await expect(runStep(await workspace.review(), 1)).rejects.toMatchObject({
      code: "approval.void",
      message: expect.stringContaining("its risk is high now and was low"),
    });
  });
});

describe("critical risk", () => {
  const critical = [{ attributes: "Risk: critical.", run: "touch ran", check: "test -e ran", undo: "rm ran" }];

  test("is never run, neither the step nor its undo", async () => {
    const workspace = await makeWorkspace();
    await workspace.write(critical);
    const review = await workspace.review();
    const decision = { by: ada, ...typed };
    await expect(approveStep(review.reviewed, 1, decision)).rejects.toMatchObject({
      code: "approval.critical",
      exit: 77,
    });
    await expect(runStep(review, 1)).rejects.toMatchObject({ code: "step.critical", exit: 77 });
    await expect(undoStep(review, 1)).rejects.toMatchObject({ code: "step.critical", exit: 77 });
    expect(await readdir(workspace.site)).toEqual([]);
  });

  test("is done by a person, and the check tells whether it worked", async () => {
    const workspace = await makeWorkspace();
    await workspace.write(critical);
    const review = await workspace.review();
    expect(await markByHand(review, 1)).toMatchObject({ state: { state: "failed", phase: "check" } });
    await writeFile(join(workspace.site, "ran"), "");
    const later = await continueReview(review, workspace.request);
    expect(await markByHand(later, 1)).toMatchObject({ state: { state: "by-hand", check: "passed" } });
    const last = await continueReview(review, workspace.request);
    expect(await markUndone(last, 1, "removed it")).toMatchObject({ state: { state: "undone" } });
    const gone = await continueReview(review, workspace.request);
    await expect(markUndone(gone, 1)).rejects.toMatchObject({ code: "step.not-run" });
  });
});

describe("an approval", () => {
  const at = (time: string) => () => new Date(time);

  test("expires, and the step waits again", async () => {
    const workspace = await makeWorkspace();
    await workspace.write([{ run: "touch ran" }]);
    await approveStep(await workspace.open(), 1, { by: ada, how: "terminal" }, at("2026-11-21T10:00:00Z"));
    const clock = at("2026-11-22T10:00:00Z");
    const review = await workspace.review({ clock }, { clock });
    expect(review.reviewed.steps[0]).toMatchObject({ state: { state: "pending" }, lapsed: { by: ada } });
    await expect(runStep(review, 1)).rejects.toMatchObject({ code: "approval.expired", exit: 77 });
    expect(await readdir(workspace.site)).toEqual([]);
    await expect(runStep(review, 1)).rejects.toMatchObject({ code: "approval.missing" });
  });

  test("dated in the future does not count until the clock is right", async () => {
    const workspace = await makeWorkspace();
    await workspace.write([{ run: "touch ran" }]);
    await approveStep(await workspace.open(), 1, { by: ada, how: "terminal" }, at("2026-11-21T10:00:00Z"));
    const early = at("2026-11-21T08:00:00Z");
    const review = await workspace.review({ clock: early }, { clock: early });
    expect(review.reviewed.steps[0]?.state).toEqual({ state: "pending" });
    await expect(runStep(review, 1)).rejects.toMatchObject({ code: "approval.clock", exit: 77 });
    const right = { ...review, clock: at("2026-11-21T10:00:01Z") };
    expect(await runStep(right, 1)).toMatchObject({ state: { state: "done" } });
  });

  test("can be withdrawn before it is used, and never after", async () => {
    const workspace = await makeWorkspace();
    await workspace.write([{ run: "touch ran" }]);
    const reviewed = await workspace.open();
    await expect(withdrawApproval(reviewed, 1, ada)).rejects.toMatchObject({ code: "approval.missing", exit: 2 });
    const { id } = await approveStep(reviewed, 1, { by: ada, how: "terminal" });
    expect(await withdrawApproval(reviewed, 1, grace)).toMatchObject([{ id }]);
    const review = await workspace.review();
    expect(review.reviewed.steps[0]?.state).toEqual({ state: "pending" });
    expect(review.reviewed.journal.events.at(-1)).toMatchObject({ type: "withdrawn", approvals: [id], by: grace });
    await expect(runStep(review, 1)).rejects.toMatchObject({ code: "approval.missing" });
    await approveAndRun(review, 1);
    await expect(withdrawApproval(reviewed, 1, ada)).rejects.toMatchObject({ code: "approval.missing" });
  });
});
