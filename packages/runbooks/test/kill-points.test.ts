// Kills the process that executes a step at every point at which it brings something onto the disk: approval, trail,
// journal, record.
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { approveStep, runStep } from "../src/index.ts";
import { bundleProgram, type Program } from "./program.ts";
import { ada, makeWorkspace } from "./workspace.ts";

/** Approves and runs step 1 and dies before its n-th bringing onto the disk, when it is started with n and a request. */
const reviewer = `
  import fs, { promises } from "node:fs";
  import { syncBuiltinESMExports } from "node:module";
  import { approveStep, beginReview, openRunbook, runStep } from "@memomesh/runbooks";
  const { point, request, by } = JSON.parse(process.argv[2]);
  const left = { points: point };
  const meet = () => (left.points -= 1) === 0 && process.kill(process.pid, "SIGKILL");
  const { fsyncSync } = fs;
  fs.fsyncSync = (file) => (meet(), fsyncSync(file));
  syncBuiltinESMExports();
  const handle = await promises.open("/dev/null");
  const { sync } = Object.getPrototypeOf(handle);
  Object.getPrototypeOf(handle).sync = function () { meet(); return sync.call(this); };
  await handle.close();
  const allowedFiles = () => ({ allowed: true, reason: "" });
  const reviewed = await openRunbook({ ...request, allowedFiles });
  const review = await beginReview(reviewed, { by, environment: {} });
  await approveStep(reviewed, 1, { by, how: "terminal" });
  await runStep(review, 1);
  console.log("survived");
  process.exit();`;

const most = 60;
/** How many die at a time. */
const together = 4;

/** @returns whether the process came to its end */
async function dieAt(point: number, startReviewer: (argument: string) => Program): Promise<boolean> {
  const workspace = await makeWorkspace();
  await workspace.write([{ run: "echo ran >> ran", check: "test -e ran" }]);
  const program = startReviewer(JSON.stringify({ point, request: workspace.request, by: ada }));
  const survived = (await program.line().catch(() => "")) === "survived";
  await program.ended;
  const ran = join(workspace.site, "ran");
  const times = async () => (existsSync(ran) ? (await readFile(ran, "utf8")).split("\n").length - 1 : 0);
  const before = await times();
  expect(before, `killed at ${point}`).toBeLessThanOrEqual(1);

  const review = await workspace.review();
  const { state } = review.reviewed.steps[0]!;
  const name = state.state === "approved" ? state.before.state : state.state;
  // What may have run is never taken for what has not.
  if (before > 0) expect(["uncertain", "unverified", "done"], `killed at ${point}`).toContain(name);
  if (state.state === "approved") {
    await runStep(review, 1);
    expect([before, await times()], `killed at ${point}`).toEqual([0, 1]);
  } else if (name === "pending") {
    await expect(runStep(review, 1), `killed at ${point}`).rejects.toMatchObject({ code: "approval.missing" });
  } else {
    const again = approveStep(review.reviewed, 1, { by: ada, how: "terminal" });
    await expect(again, `killed at ${point}`).rejects.toMatchObject({ code: "step.again" });
    await expect(runStep(review, 1), `killed at ${point}`).rejects.toMatchObject({ code: "approval.missing" });
  }
  return survived;
}

test("whoever executes a step can be killed at any point: it never runs twice, and never in silence again", async () => {
  const startReviewer = await bundleProgram(reviewer);
  let first = 1;
  for (; first < most; first += together) {
    const points = Array.from({ length: together }, (_, at) => first + at);
    if ((await Promise.all(points.map((point) => dieAt(point, startReviewer)))).every(Boolean)) break;
  }
  // Fewer points than this would mean that they are not met any more.
  expect(first).toBeGreaterThan(12);
  expect(first).toBeLessThan(most);
}, 300_000);
