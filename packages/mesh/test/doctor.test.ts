import { execFileSync, spawnSync } from "node:child_process";
import { mkdir, readFile, rm, stat, symlink } from "node:fs/promises";
import { join } from "node:path";
import { beforeEach, describe, expect, test } from "vitest";
import { diagnose } from "../src/doctor/doctor.ts";
import { checkNode } from "../src/doctor/program.ts";
import { initMesh } from "../src/init.ts";
import { loadMesh } from "../src/load.ts";
import { addNode } from "../src/node.ts";
import { put, temporaryFolder } from "./folder.ts";

let root: string;

beforeEach(async () => {
  root = await temporaryFolder();
  await initMesh(root, { git: true, name: "studio" });
  execFileSync("git", ["-C", root, "config", "user.name", "Ada"]);
  execFileSync("git", ["-C", root, "config", "user.email", "ada@example.com"]);
  await addNode(await loadMesh(root), "ops", { role: "sysadmin" });
});

async function codes(fix = false): Promise<string[]> {
  return (await diagnose(root, { fix })).map(({ code }) => code);
}

describe("diagnose", () => {
  test("finds nothing wrong with a new mesh", async () => {
    expect(await codes()).toEqual([]);
  });

  test("says where mesh.yml cannot be read, and nothing else", async () => {
    await put(root, "mesh.yml", "name: studio\nnods: [ops]\n");
    expect(await diagnose(root, { fix: true })).toMatchObject([
      { code: "mesh.config", place: { file: "mesh.yml", line: 2 }, repaired: false },
    ]);
  });

  test("names nodes that cannot be used, agents and grants that lead nowhere", async () => {
    await put(root, "projects/ops/node.yml", "agent: gpt\ngrants: { send: [shop], read: [blog/dist/**] }\n");
    expect(await codes()).toEqual(["doctor.agent.unknown", "doctor.grant.unknown", "doctor.grant.unknown"]);
    await rm(join(root, "projects/ops"), { recursive: true });
    expect(await codes()).toEqual(["mesh.node.missing"]);
  });

  test("makes missing mailbox folders with fix, and only then", async () => {
    await rm(join(root, "projects/ops/memos/incoming"), { recursive: true });
    expect(await codes()).toEqual(["doctor.mailbox.folder"]);
    await expect(stat(join(root, "projects/ops/memos/incoming"))).rejects.toThrow("ENOENT");
    await codes(true);
    expect(await codes()).toEqual([]);
  });

  test("tells a memo that cannot be read, with its line, from what is no memo", async () => {
    await put(root, "memos/incoming/bad.md", "---\nto: operator\npriority: asap\n---\n# Hello\n");
    await put(root, "memos/incoming/half.md.part", "");
    await mkdir(join(root, "memos/incoming/folder"));
    await symlink("/etc/passwd", join(root, "memos/outgoing/link.md"));
    const found = await diagnose(root, { fix: false });
    expect(found.map(({ code, place }) => [code, place?.file])).toEqual([
      [expect.stringMatching(/^memo\.header/), "memos/incoming/bad.md"],
      ["doctor.mailbox.no-file", "memos/incoming/folder"],
      ["doctor.mailbox.no-file", "memos/outgoing/link.md"],
      ["doctor.mailbox.no-memo", "memos/incoming/half.md.part"],
    ]);
    expect(found[0]?.place?.line).toBe(3);
  });

  test("leaves to the next coordinator what a dead one has left, and says so", async () => {
    await put(root, "memos/outgoing/a.md", "---\nto: ops\n---\n# A\n");
    const script = `
      import { acquireLock, claimDrop, DropScanner } from "@memomesh/mailbox";
      const root = ${JSON.stringify(root)};
      await acquireLock(root, "watch", new Date());
      const { ready } = await new DropScanner({ settleMs: 0, maxBytes: 1000 }).scan({ id: "operator", folder: root }, Date.now());
      await claimDrop(ready[0], { now: Date.now(), maxBytes: 1000 });
      process.kill(process.pid, "SIGKILL");`;
    const killed = spawnSync(process.execPath, ["--input-type=module", "--eval", script], { cwd: import.meta.dirname });
    expect(killed.signal).toBe("SIGKILL");
    expect(await codes(true)).toEqual(["doctor.mailbox.claim", "doctor.lock.stale"]);
    expect(await codes()).toEqual(["doctor.mailbox.claim", "doctor.lock.stale"]);
  });

  test("ignores .memomesh with fix", async () => {
    await put(root, ".gitignore", "dist/\n");
    expect(await codes(true)).toEqual(["doctor.ignore"]);
    expect(await readFile(join(root, ".gitignore"), "utf8")).toContain(".memomesh/");
    expect(await codes()).toEqual([]);
  });

  test("brings instruction files into step with fix", async () => {
    await put(root, "projects/ops/AGENTS.md", "# New rules\n");
    expect(await codes(true)).toEqual(["doctor.instructions"]);
    expect(await codes()).toEqual([]);
  });

  test("says why a runbook cannot be read or approved", async () => {
    const head =
      "---\nid: rb-01JD8Q5T3ZK3N6V9Y2M4R7W1XB\nnode: ops\ntarget: moon\ncreated: 2026-11-21T10:00:00Z\n---\n# Odd\n";
    await put(
      root,
      "projects/ops/runbooks/a.md",
      `${head}\n## Step 1: Land\nRisk: low.\n\n\`\`\`sh run\ntrue\n\`\`\`\n`,
    );
    await put(root, "projects/ops/runbooks/b.md", `${head}\n## Step 2: Skip\n`);
    const found = await diagnose(root, { fix: true });
    expect(found.map(({ place, severity }) => [place?.file.split("/").at(-1), severity])).toEqual([
      ["b.md", "error"],
      ["a.md", "error"],
    ]);
    expect(found[1]?.sentence).toContain('"moon" is not in mesh.yml');
  });

  test("misses git, and knows which Node is too old", async () => {
    await rm(join(root, ".git"), { recursive: true });
    expect(await codes()).toEqual(["doctor.git.no-repository"]);
    expect(["20.20.0", "22.21.1", "22.22.0", "24.1.0"].map((version) => checkNode(version).length)).toEqual([
      1, 1, 0, 0,
    ]);
  });
});
