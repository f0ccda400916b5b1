import { existsSync } from "node:fs";
import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { GroupTarget, SingleTarget } from "@memomesh/core";
import { describe, expect, test } from "vitest";
import { approveStep, continueReview, undoStep } from "../src/index.ts";
import { hasSshd, startHost } from "./sshd.ts";
import { ada, approveAndRun, makeWorkspace, type StepSource, target } from "./workspace.ts";

const group = (members: readonly SingleTarget[], order: GroupTarget["order"] = "canary"): GroupTarget => ({
  name: "staging",
  kind: "group",
  path: "",
  production: false,
  env: {},
  members,
  order,
});

async function prepare(steps: readonly StepSource[], order?: GroupTarget["order"]) {
  const workspace = await makeWorkspace();
  const members: SingleTarget[] = [];
  for (const name of ["one", "two", "three"]) {
    await mkdir(join(workspace.site, name));
    members.push({ ...target(join(workspace.site, name)), name });
  }
  await workspace.write(steps);
  const targets = { staging: group(members, order) };
  const has = (name: string) => ["one", "two", "three"].filter((host) => existsSync(join(workspace.site, host, name)));
  return { workspace, targets, has, request: { ...workspace.request, targets } };
}

const count = async (path: string) => (await readFile(path, "utf8")).length;

describe("a step on a group", () => {
  test("runs and is checked on one host after the other", async () => {
    const { workspace, targets, has } = await prepare([{ run: "touch ran", check: "test -e ran" }]);
    const review = await workspace.review({}, { targets });
    expect(await approveAndRun(review, 1)).toMatchObject({ state: { state: "done", check: "passed" } });
    expect(has("ran")).toEqual(["one", "two", "three"]);
    const { journal } = await workspace.open({ targets });
    const begun = journal.events.flatMap((event) =>
      event.type === "host-started" ? [`${event.phase} ${event.host}`] : [],
    );
    expect(begun.slice(0, 4)).toEqual(["run one", "check one", "run two", "check two"]);
  });

  test("stops at a canary whose check fails, and no other host is begun", async () => {
    const { workspace, targets, has } = await prepare([{ run: "touch ran", check: "test -e good" }]);
    const result = await approveAndRun(await workspace.review({}, { targets }), 1);
    expect(result).toMatchObject({
      execution: { end: { kind: "partial", reason: "one: its check: exit 1; not begun on two, three" } },
      state: { state: "failed" },
    });
    expect(has("ran")).toEqual(["one"]);
  });

  test("runs again only on hosts where it is not in place", async () => {
    const run = "test ! -e bad; echo x >> ran";
    const { workspace, targets, request, has } = await prepare([{ run }]);
    await writeFile(join(workspace.site, "two", "bad"), "");
    const review = await workspace.review({}, { targets });
    expect(await approveAndRun(review, 1)).toMatchObject({ state: { state: "failed" } });
    expect(has("ran")).toEqual(["one"]);
    await rm(join(workspace.site, "two", "bad"));
    const later = await continueReview(review, request);
    expect(await approveAndRun(later, 1, true)).toMatchObject({ state: { state: "done" } });
    for (const host of ["one", "two", "three"]) expect(await count(join(workspace.site, host, "ran"))).toBe(2);
  });

  test("is undone where it was begun, the latest first", async () => {
    const { workspace, targets, request } = await prepare([
      { run: 'touch ran; test "$(basename "$PWD")" != two', undo: 'rm ran; basename "$PWD" >> ../undone' },
    ]);
    const review = await workspace.review({}, { targets });
    await approveAndRun(review, 1);
    const later = await continueReview(review, request);
    await approveStep(later.reviewed, 1, { by: ada, how: "terminal", action: "undo", target: "staging" });
    expect(await undoStep(later, 1)).toMatchObject({ state: { state: "undone" } });
    expect(await readFile(join(workspace.site, "undone"), "utf8")).toBe("two\none\n");
  });

  test("in parallel is begun on all hosts at once", async () => {
    const run = "touch ran; until [ -e ../one/ran -a -e ../two/ran -a -e ../three/ran ]; do sleep 0.02; done";
    const { workspace, targets } = await prepare([{ attributes: "Risk: low. Timeout: 20s.", run }], "parallel");
    expect(await approveAndRun(await workspace.review({}, { targets }), 1)).toMatchObject({ state: { state: "done" } });
  });

  test("is another step when a member changes", async () => {
    const { workspace, targets } = await prepare([{ run: "touch ran" }]);
    await approveStep(await workspace.open({ targets }), 1, { by: ada, how: "terminal" });
    const fewer = { staging: group(targets.staging.members.slice(1)) };
    expect((await workspace.open({ targets: fewer })).steps[0]).toMatchObject({
      state: { state: "pending" },
      lapsed: { by: ada },
    });
  });

  test.skipIf(!hasSshd)("over two hosts is not begun on the second when the first is a failing canary", async () => {
    const [one, two] = [await startHost("web1"), await startHost("web2")];
    const workspace = await makeWorkspace();
    await workspace.write([{ run: "touch ran", check: "test -e healthy", undo: "rm ran" }]);
    const targets = { staging: group([one.target, two.target]) };
    const review = await workspace.review({}, { targets });
    const result = await approveAndRun(review, 1);
    expect(result.execution?.end).toEqual({ kind: "partial", reason: "web1: its check: exit 1; not begun on web2" });
    expect([one, two].map(({ folder }) => existsSync(join(folder, "site/ran")))).toEqual([true, false]);
    const later = await continueReview(review, { ...workspace.request, targets });
    await approveStep(later.reviewed, 1, { by: ada, how: "terminal", action: "undo", target: "staging" });
    expect(await undoStep(later, 1)).toMatchObject({ state: { state: "undone" } });
    expect(existsSync(join(one.folder, "site/ran"))).toBe(false);
  });
});
