import { mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { readTrail } from "@memomesh/core";
import { expect, test } from "vitest";
import { approveStep, markByHand, runStep, skipStep, undoStep, withdrawApproval } from "../src/index.ts";
import { extendTrail, trailHead } from "../src/trail/index.ts";
import { startProgram } from "./program.ts";
import { ada, approveAndRun, makeWorkspace, type Workspace } from "./workspace.ts";

async function trailOf({ meshRoot }: Pick<Workspace, "meshRoot">) {
  return readTrail(await readFile(join(meshRoot, "audit/sysadmin.jsonl"), "utf8"), "sysadmin");
}

test("every approval, run, check, undo, withdrawal, skip and deed by hand is in the trail", async () => {
  const workspace = await makeWorkspace();
  await workspace.write([
    { run: "touch a", check: "test -e a", undo: "rm a" },
    { run: "touch b" },
    {},
    { run: "touch d" },
  ]);
  let review = await workspace.review();
  await approveAndRun(review, 1);
  const again = async () => {
    review = { ...review, reviewed: await workspace.open() };
  };
  await again();
  await approveStep(review.reviewed, 1, { by: ada, how: "terminal", action: "undo" });
  await undoStep(review, 1);
  await again();
  await approveAndRun(review, 1);
  await again();
  await approveStep(review.reviewed, 2, { by: ada, how: "command" });
  await withdrawApproval(review.reviewed, 2, ada);
  await skipStep(review, 2, "not today");
  await again();
  await markByHand(review, 3);

  const { lines, problems } = await trailOf(workspace);
  expect(problems).toEqual([]);
  const told = lines.map(({ entry }) =>
    [entry.type, entry.step, entry.action ?? entry.phase].filter(Boolean).join(" "),
  );
  const ran = ["approved 1 run", "started 1 run", "finished 1 run", "started 1 check", "finished 1 check"];
  const undone = ["approved 1 undo", "started 1 undo", "finished 1 undo"];
  const rest = ["approved 2 run", "withdrawn 2 run", "skipped 2", "by-hand 3"];
  expect(told).toEqual([...ran, ...undone, ...ran, ...rest]);
  const { digest } = lines[0]!.entry;
  expect(lines[1]?.entry).toMatchObject({ digest, by: ada, approval: lines[0]?.entry.approval, people: 1 });
});

test("a step does not run when the trail cannot be written", async () => {
  const workspace = await makeWorkspace();
  await workspace.write([{ run: "touch a" }]);
  const review = await workspace.review();
  await approveStep(review.reviewed, 1, { by: ada, how: "terminal" });
  const { meshRoot } = workspace;
  const path = join(meshRoot, "audit/sysadmin.jsonl");
  await rm(path);
  await mkdir(path);
  await expect(runStep(review, 1)).rejects.toMatchObject({ code: "audit.write", exit: 75 });
  expect(await readdir(workspace.site)).toEqual([]);
});

test("writers in several processes follow one another", async () => {
  const { meshRoot } = await makeWorkspace();
  const source = `
    import { extendTrail } from "@memomesh/runbooks/trail";
    process.stdout.write("ready\\n");
    await new Promise((go) => process.stdin.once("data", go));
    for (let each = 0; each < 25; each += 1)
      extendTrail(${JSON.stringify(meshRoot)}, "sysadmin", new Date().toISOString(), () => [{ type: "denied", each }]);
    process.stdout.write("done\\n");
    process.exit();`;
  const programs = Array.from({ length: 2 }, () => startProgram(source));
  await Promise.all(programs.map((program) => program.line()));
  for (const program of programs) program.write("go\n");
  await Promise.all(programs.map((program) => program.line()));
  expect(await trailOf({ meshRoot })).toMatchObject({ head: { n: 50 }, problems: [], torn: [] });
});

test("a writer killed while it holds the trail holds nobody up", async () => {
  const { meshRoot } = await makeWorkspace();
  const program = startProgram(`
    import { extendTrail } from "@memomesh/runbooks/trail";
    import { writeSync } from "node:fs";
    extendTrail(${JSON.stringify(meshRoot)}, "sysadmin", "2026-11-21T10:00:00.000Z", () => {
      writeSync(1, "held\\n");
      for (;;) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1000);
    });`);
  expect(await program.line()).toBe("held");
  await program.kill();
  await writeFile(join(meshRoot, "audit/sysadmin.jsonl"), '{"n":1,"at":"2026');
  extendTrail(meshRoot, "sysadmin", "2026-11-21T10:00:00.000Z", () => [{ type: "denied" }]);
  const { lines, problems } = await trailOf({ meshRoot });
  expect(problems).toEqual([]);
  expect(lines.map(({ entry }) => entry.type)).toEqual(["mended", "denied"]);
});

test("a long trail is added to by its end, and an entry from long ago is still found", async () => {
  const { meshRoot } = await makeWorkspace();
  const add = (...types: string[]) => {
    const facts = types.map((type) => ({ type, subject: '\u00fc,"type":"denied"'.repeat(30) }));
    extendTrail(meshRoot, "sysadmin", "2026-11-21T10:00:00.000Z", () => facts);
  };
  add("denied", ...Array.from({ length: 600 }, () => "skipped"));
  add("stopped");
  extendTrail(meshRoot, "sysadmin", "2026-11-21T10:00:00.000Z", ({ lines, last }) => {
    expect(lines.length).toBeLessThan(600);
    expect([last("denied")?.n, last("stopped")?.n, last("edited")]).toEqual([1, 602, undefined]);
    return [];
  });
  expect(await trailOf({ meshRoot })).toMatchObject({ head: { n: 602 }, problems: [], torn: [] });
  expect(trailHead(meshRoot, "sysadmin")?.n).toBe(602);
});
