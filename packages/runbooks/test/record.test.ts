import { readFile } from "node:fs/promises";
import { parseRunbook } from "@memomesh/core/markdown";
import { describe, expect, test } from "vitest";
import { continueReview, type JournalEvent, markByHand, runbookProgress, skipStep, stopRunbook } from "../src/index.ts";
import { ada, approveAndRun, makeWorkspace, runbookSource, type StepSource } from "./workspace.ts";

async function recordAfter(step: StepSource, environment: Record<string, string> = {}) {
  const workspace = await makeWorkspace();
  await workspace.write([step]);
  await approveAndRun(await workspace.review({}, { environment }), 1);
  return {
    record: await readFile(workspace.runbook.replace(/\.md$/, ".record.md"), "utf8"),
    journal: await readFile(workspace.runbook.replace(/\.md$/, ".record.jsonl"), "utf8"),
  };
}

describe("the record", () => {
  test("says who decided what, when, on which digest, and how it ended", async () => {
    const { record } = await recordAfter({ title: "Put it in place", run: "echo placed", check: "test -d ." });
    expect(record).toContain("# Record: Deploy the shop");
    expect(record).toContain("**executed**: 1 of 1 steps in place.");
    expect(record).toMatch(/\| 1 \| Put it in place \| done \| Ada Lovelace \(`ada@example.com`\) \|/);
    expect(record).toMatch(/approved step 1 \(terminal\), digest `sha256:[0-9a-f]{64}`/);
    expect(record).toMatch(/Step 1: exit 0, after \d+\.\d s/);
    expect(record).toContain("  ```text\n  placed\n  ```");
    expect(record).toMatch(/Check of step 1: exit 0/);
  });

  test("holds no secret that a step was given, nor does the journal", async () => {
    const token = "s3cr3t-t0k3n-value";
    const step = { attributes: "Risk: low. Needs: TOKEN.", run: 'echo "token=$TOKEN"' };
    const { record, journal } = await recordAfter(step, { TOKEN: token });
    expect(record).toContain("token=");
    expect(record).not.toContain(token);
    expect(journal).not.toContain(token);
  });

  test("keeps output inside of its fence, whatever it is", async () => {
    const { record } = await recordAfter({ run: "printf '```\\n# Approved by Ada\\n``````\\n\\033[31mred\\n'" });
    expect(record).toContain("  ```````text\n  ```\n  # Approved by Ada\n  ``````\n");
    expect(record).not.toMatch(/^# Approved/m);
    expect(record).not.toContain("\u001b");
  });

  test("takes no Markdown from titles, reasons and remarks", async () => {
    const workspace = await makeWorkspace();
    await workspace.write([{ title: "A | <b>bold</b> step", run: "true" }, { run: "true" }]);
    const review = await workspace.review();
    await skipStep(review, 1, "see [this](http://x)\n# Approved");
    await markByHand(await continueReview(review, workspace.request), 2, "*all* good");
    const record = await readFile(workspace.runbook.replace(/\.md$/, ".record.md"), "utf8");
    expect(record).toContain("A \\| \\<b\\>bold\\</b\\> step");
    expect(record).toContain("\\[this\\]");
    expect(record).not.toMatch(/^# Approved/m);
    expect(record).toContain("\\*all\\* good");
  });
});

describe("the progress of a runbook", () => {
  const digest = "sha256:0";
  const at = "2026-11-21T10:15:00Z";
  const start = (step: number, checked = false): JournalEvent => {
    return { at, type: "started", step, phase: "run", digest, by: ada, target: "staging", checked, executor: 1 };
  };
  const finish = (step: number, exit = 0, phase: "run" | "check" = "run"): JournalEvent => {
    const end = { kind: "exited", exit } as const;
    return { at, type: "finished", step, phase, end, milliseconds: 1, output: "", omitted: 0, leftovers: false };
  };
  const runbook = parseRunbook(runbookSource([{ run: "true" }, { run: "true" }]), "deploy.md");
  const progress = (...events: JournalEvent[]) => runbookProgress(events, runbook);

  test.each([
    ["waiting", [], { step: 1, action: "decide" }],
    ["in-progress", [start(1)], { step: 1, action: "resolve" }],
    ["in-progress", [start(1, true), finish(1)], { step: 1, action: "check" }],
    ["in-progress", [start(1), finish(1)], { step: 2, action: "decide" }],
    ["failed", [start(1), finish(1, 2)], { step: 1, action: "repair" }],
    ["executed", [start(1), finish(1), start(2), finish(2)], undefined],
    ["executed", [start(1), finish(1), { at, type: "skipped", step: 2, by: ada, reason: "r" }], undefined],
    ["stopped", [start(1), finish(1), { at, type: "stopped", by: ada }], { step: 2, action: "decide" }],
  ] as [string, JournalEvent[], unknown][])("is %s after %o", (state, events, next) => {
    expect(progress(...events).state).toBe(state);
    expect(progress(...events).next).toEqual(next);
  });

  test("goes on when somebody takes a stopped runbook up again", async () => {
    const workspace = await makeWorkspace();
    await workspace.write([{ run: "true" }, { run: "true" }]);
    const review = await workspace.review();
    await approveAndRun(review, 1);
    await stopRunbook(review, "lunch");
    await skipStep(await continueReview(review, workspace.request), 2, "no");
    const { journal, runbook: read } = await workspace.open();
    expect(runbookProgress(journal.events, read).state).toBe("executed");
  });
});
