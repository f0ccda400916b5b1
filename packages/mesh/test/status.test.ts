import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { beforeEach, describe, expect, test } from "vitest";
import { findMemoEntry, readBox } from "../src/box.ts";
import { readDecisions } from "../src/decisions.ts";
import { initMesh } from "../src/init.ts";
import { loadMesh, type Mesh } from "../src/load.ts";
import { addNode } from "../src/node.ts";
import { readStatus } from "../src/status.ts";
import { threadIds } from "../src/thread.ts";
import { put, temporaryFolder } from "./folder.ts";

let root: string;
let mesh: Mesh;

beforeEach(async () => {
  root = await temporaryFolder();
  await initMesh(root, { name: "studio", git: true });
  await addNode(await loadMesh(root), "ops", { role: "sysadmin" });
  mesh = await loadMesh(root);
});

const ids = ["01JD8Q5T3ZK3N6V9Y2M4R7AAAA", "01JD8Q5T3ZK3N6V9Y2M4R7BBBB", "01JD8Q5T3ZK3N6V9Y2M4R7CCCC"] as const;

function memo(id: string, header: string, subject = "Hello"): string {
  return `---\nid: ${id}\nfrom: operator\nto: ops\ndate: 2026-11-21T10:00:00Z\ndelivered: 2026-11-21T10:00:01Z\n${header}---\n# ${subject}\n`;
}

function commit(subject: string, trailers: string, date: string): void {
  const identity = {
    GIT_AUTHOR_NAME: "Ada",
    GIT_AUTHOR_EMAIL: "a@b",
    GIT_COMMITTER_NAME: "Ada",
    GIT_COMMITTER_EMAIL: "a@b",
  };
  const env = { ...process.env, ...identity, GIT_AUTHOR_DATE: date, GIT_COMMITTER_DATE: date };
  execFileSync("git", ["-C", root, "commit", "--quiet", "--allow-empty", "-m", subject, "-m", trailers], { env });
}

describe("readStatus", () => {
  test("counts what waits where and names what waits for a person", async () => {
    await put(root, `projects/ops/memos/incoming/a-${ids[0].slice(-5).toLowerCase()}.md`, memo(ids[0], ""));
    await put(
      root,
      `projects/ops/memos/incoming/b-${ids[1].slice(-5).toLowerCase()}.md`,
      memo(ids[1], "status: prepared\nrunbook: runbooks/b.md\n", "Deploy"),
    );
    await put(
      root,
      `projects/ops/memos/incoming/c-${ids[2].slice(-5).toLowerCase()}.md`,
      memo(ids[2], "status: failed\n", "Odd"),
    );
    await put(root, "projects/ops/memos/outgoing/x.md", "# X\n");
    await put(root, "projects/ops/memos/rejected/y.md", "# Y\n");
    await put(root, "projects/ops/memos/rejected/y.md.reason.md", "# Rejected\n\nNo such node.\n");
    const { nodes, waiting, coordinator } = await readStatus(mesh);
    expect(coordinator).toBeUndefined();
    expect(nodes.find(({ id }) => id === "ops")).toMatchObject({
      waits: 1,
      prepared: 1,
      failed: 1,
      asked: 0,
      outgoing: 1,
      rejected: 1,
    });
    expect(waiting).toMatchObject([
      { what: "failed", node: "ops", subject: "Odd" },
      { what: "runbook", node: "ops", subject: "Deploy", command: "memomesh review runbooks/b.md" },
    ]);
  });

  test("shows a node that cannot be used, with the reason", async () => {
    await put(root, "projects/ops/node.yml", "agnet: x\n");
    const { nodes } = await readStatus(await loadMesh(root));
    expect(nodes.find(({ id }) => id === "ops")?.problem).toContain("node.yml:1");
  });
});

describe("finding memos", () => {
  test("by the end of the id, in any box, and says when several fit", async () => {
    await put(
      root,
      "projects/ops/memos/archived/2026/11/a-raaaa.md".replace("raaaa", ids[0].slice(-5).toLowerCase()),
      memo(ids[0], ""),
    );
    const ops = mesh.nodes.get("ops");
    if (ops === undefined) throw new Error("no ops");
    expect(await findMemoEntry([ops], "7aaaa")).toMatchObject({ box: "archived", node: "ops" });
    await expect(findMemoEntry([ops], "zzzzz")).rejects.toThrow("no memo");
    await put(root, "memos/incoming/other-7aaaa.md", memo(`01JD8Q5T3ZK3N6V9Y2M4R${"7AAAA"}`.replace("4R7", "5R7"), ""));
    await put(root, "memos/outgoing/other-7aaaa.md", memo(ids[0], ""));
    const operator = mesh.nodes.get("operator");
    if (operator === undefined) throw new Error("no operator");
    await expect(findMemoEntry([operator], "7aaaa")).rejects.toThrow("fits 2 memos");
  });

  test("a rejected memo comes with its reason, and a folder is no memo", async () => {
    await put(root, "memos/rejected/y.md", "no header\n");
    await put(root, "memos/rejected/y.md.reason.md", "# Not delivered: y.md\n\n    No such node.\n");
    const operator = mesh.nodes.get("operator");
    if (operator === undefined) throw new Error("no operator");
    expect(await readBox(operator, "rejected")).toMatchObject([{ rejection: "No such node." }]);
  });

  test("a conversation is all memos with its thread", async () => {
    await put(root, `memos/archived/2026/11/a-7aaaa.md`, memo(ids[0], ""));
    await put(root, `projects/ops/memos/incoming/b-7bbbb.md`, memo(ids[1], `thread: ${ids[0]}\n`));
    await put(root, `projects/ops/memos/incoming/c-7cccc.md`, memo(ids[2], ""));
    expect(await threadIds(mesh, await findMemoEntry([...mesh.nodes.values()], "7bbbb"))).toEqual([ids[0], ids[1]]);
  });
});

describe("readDecisions", () => {
  beforeEach(() => {
    commit(
      'Deliver "Deploy (shop)" to ops',
      `Memo-Id: ${ids[0]}\nMemo-From: operator\nNode: ops`,
      "2026-11-01T10:00:00Z",
    );
    commit("Fix a typo", "Signed-off-by: Ada <a@b>", "2026-11-02T10:00:00Z");
    commit(
      'Prepare "Deploy (shop)"',
      `Memo-Id: ${ids[0]}\nNode: ops\nAgent: offline\nRunbook: runbooks/a.md`,
      "2026-11-03T10:00:00Z",
    );
    commit('Deliver "Hello" to shop', `Memo-Id: ${ids[1]}\nMemo-From: ops-two\nNode: shop`, "2026-11-04T10:00:00Z");
  });

  const subjects = async (filter: Parameters<typeof readDecisions>[1]) =>
    (await readDecisions(mesh, filter)).map(({ subject }) => subject);

  test("tells what happened to memos, newest first, and nothing else", async () => {
    expect(await subjects({})).toEqual([
      'Deliver "Hello" to shop',
      'Prepare "Deploy (shop)"',
      'Deliver "Deploy (shop)" to ops',
    ]);
    expect((await readDecisions(mesh, { limit: 2 }))[1]?.trailers).toContainEqual(["Agent", "offline"]);
  });

  test("filters by node, memo, words and date", async () => {
    expect(await subjects({ node: "ops" })).toEqual(['Prepare "Deploy (shop)"', 'Deliver "Deploy (shop)" to ops']);
    expect(await subjects({ thread: [ids[1]] })).toEqual(['Deliver "Hello" to shop']);
    expect(await subjects({ text: "deploy (SHOP)", node: "ops", limit: 1 })).toEqual(['Prepare "Deploy (shop)"']);
    expect(await subjects({ since: new Date("2026-11-03T12:00:00Z") })).toEqual(['Deliver "Hello" to shop']);
  });

  test("is empty where there is no git", async () => {
    const folder = join(await temporaryFolder(), "plain");
    await initMesh(folder);
    expect(await readDecisions(await loadMesh(folder))).toEqual([]);
  });
});
