import { mkdir, readdir, writeFile } from "node:fs/promises";
import { hostname } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { lockFolder } from "../src/layout.ts";
import { holdRunbook, runbookHolder } from "../src/lock.ts";
import { ada, grace, makeWorkspace, runbookId } from "./workspace.ts";

const since = new Date("2026-11-21T10:15:00Z");

test("two reviewers at once: the second is told who has the runbook", async () => {
  const { meshRoot } = await makeWorkspace();
  const lock = await holdRunbook(meshRoot, runbookId, ada, since);
  await expect(holdRunbook(meshRoot, runbookId, grace, since)).rejects.toMatchObject({
    code: "runbook.held",
    exit: 75,
    sentence: expect.stringMatching(/Ada Lovelace <ada@example.com> since 2026-11-21T10:15:00.000Z \(process \d+/),
  });
  expect(await runbookHolder(meshRoot, runbookId)).toMatchObject({ by: ada, pid: process.pid });
  await lock.release();
  await (await holdRunbook(meshRoot, runbookId, grace, since)).release();
  expect(await runbookHolder(meshRoot, runbookId)).toBeUndefined();
});

test("of many who come at the same time at most one gets in, and those turned away leave nothing behind", async () => {
  const { meshRoot } = await makeWorkspace();
  const tries = await Promise.allSettled(
    Array.from({ length: 20 }, () => holdRunbook(meshRoot, runbookId, ada, since)),
  );
  const won = tries.filter(({ status }) => status === "fulfilled").length;
  expect(won).toBeLessThanOrEqual(1);
  expect(await readdir(lockFolder(meshRoot, runbookId))).toHaveLength(won);
});

test("another runbook is free meanwhile", async () => {
  const { meshRoot } = await makeWorkspace();
  await holdRunbook(meshRoot, runbookId, ada, since);
  await holdRunbook(meshRoot, "rb-01JD8R0000000000000000000B", grace, since);
});

test("a holder that is dead, or whose number another process has now, holds nothing", async () => {
  const { meshRoot } = await makeWorkspace();
  const folder = lockFolder(meshRoot, runbookId);
  await mkdir(folder, { recursive: true });
  const dead = { pid: process.pid, began: "1", host: hostname(), by: grace, since: since.toISOString() };
  await writeFile(join(folder, "a.json"), JSON.stringify(dead));
  await holdRunbook(meshRoot, runbookId, ada, since);
  expect(await readdir(folder)).toHaveLength(1);
});

test("a holder on another host counts as alive", async () => {
  const { meshRoot } = await makeWorkspace();
  const folder = lockFolder(meshRoot, runbookId);
  await mkdir(folder, { recursive: true });
  const far = { pid: 1, began: "1", host: "elsewhere", by: grace, since: since.toISOString() };
  await writeFile(join(folder, "a.json"), JSON.stringify(far));
  await expect(holdRunbook(meshRoot, runbookId, ada, since)).rejects.toMatchObject({ code: "runbook.held" });
});
