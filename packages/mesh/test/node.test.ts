import { execFileSync } from "node:child_process";
import { readFile, stat, symlink } from "node:fs/promises";
import { join } from "node:path";
import { beforeEach, describe, expect, test } from "vitest";
import { initMesh } from "../src/init.ts";
import { syncInstructions } from "../src/instructions.ts";
import { loadMesh } from "../src/load.ts";
import { addNode } from "../src/node.ts";
import { put, temporaryFolder } from "./folder.ts";

let outside: string;
let root: string;

beforeEach(async () => {
  outside = await temporaryFolder();
  root = join(outside, "studio");
  await initMesh(root);
});

const read = (path: string) => readFile(join(root, path), "utf8");

describe("initMesh", () => {
  test("makes a mesh that can be loaded and is not changed by a second time", async () => {
    const again = await initMesh(root);
    expect(again.made.map(({ state }) => state)).not.toContain("created");
    expect((await loadMesh(root)).config.name).toBe("studio");
  });

  test("keeps what exists and adds only missing lines to .gitignore", async () => {
    const folder = join(outside, "old");
    await put(folder, ".gitignore", "node_modules");
    await put(folder, "docs/ai-lessons.md", "# Ours\n");
    const { made, candidates } = await initMesh(folder);
    expect(await readFile(join(folder, ".gitignore"), "utf8")).toBe(
      "node_modules\n.memomesh/\n.claim-*\n.*.tmp\n/targets/\n",
    );
    expect(await readFile(join(folder, "docs/ai-lessons.md"), "utf8")).toBe("# Ours\n");
    expect(made.find(({ path }) => path.endsWith(".gitignore"))?.state).toBe("extended");
    expect(candidates).toEqual([]);
  });

  test("finds projects that could be nodes, and adopts the ones it is told", async () => {
    const folder = join(outside, "old");
    await put(folder, "shop/package.json", "{}");
    await put(folder, "projects/Blog 2/Makefile", "");
    await put(folder, "notes/x.md", "");
    const { candidates } = await initMesh(folder, { adopt: ["shop"] });
    expect(candidates).toEqual(["projects/Blog 2"]);
    expect((await loadMesh(folder)).nodes.get("shop")?.folder).toBe(join(folder, "shop"));
  });

  test("makes a git repository when asked, and none inside of another", async () => {
    const folder = join(outside, "new");
    expect((await initMesh(folder, { git: true })).git).toBe("made");
    expect((await initMesh(folder, { git: true })).git).toBe("present");
  });

  test("refuses a folder that lies in another mesh", async () => {
    await expect(initMesh(join(root, "projects", "x"))).rejects.toThrow("memomesh node add");
  });
});

describe("addNode", () => {
  test("makes a folder with everything a node has, and enters it in mesh.yml", async () => {
    await addNode(await loadMesh(root), "ops", { role: "sysadmin", send: ["shop"], read: ["shop/dist/**"] });
    const node = (await loadMesh(root)).nodes.get("ops");
    expect(node?.config).toMatchObject({
      role: "sysadmin",
      agent: "offline",
      grants: { send: ["shop"], read: ["shop/dist/**"] },
    });
    for (const path of [
      "STATE.md",
      "memos/incoming",
      "memos/outgoing",
      "memos/rejected",
      "memos/archived",
      "runbooks",
      "docs/ai-lessons.md",
    ]) {
      await stat(join(root, "projects/ops", path));
    }
    expect(await read("projects/ops/AGENTS.md")).toContain("# ops: sysadmin");
    expect(await syncInstructions(join(root, "projects/ops"), { check: true })).not.toContainEqual(
      expect.objectContaining({ state: "out of step" }),
    );
  });

  test("adopts a project elsewhere with its own git and adds one marked section to its instructions", async () => {
    const shop = join(outside, "shop");
    const rules = "# Shop\r\n\r\nUse tabs.\r\n";
    await put(shop, "AGENTS.md", rules);
    await put(shop, "CLAUDE.md", "Speak French.\n");
    execFileSync("git", ["init", "--quiet", shop]);
    await addNode(await loadMesh(root), "shop", { role: "developer", path: "../shop" });
    await addNode(await loadMesh(root), "shop", { role: "developer", path: "../shop" });
    const agents = await readFile(join(shop, "AGENTS.md"), "utf8");
    expect(agents.startsWith(rules)).toBe(true);
    expect(agents.match(/memomesh:begin/g)).toHaveLength(1);
    expect(agents).toContain("## shop: developer");
    expect(agents).toContain("\n# Deploy shop".replace("Deploy shop", "One line"));
    const claude = await readFile(join(shop, "CLAUDE.md"), "utf8");
    expect(claude.startsWith("Speak French.\n")).toBe(true);
    expect(claude).toContain("\n@AGENTS.md\n");
    expect((await loadMesh(root)).nodes.get("shop")?.folder).toBe(shop);
  });

  test("never overwrites: a second time changes nothing", async () => {
    await addNode(await loadMesh(root), "ops");
    await put(root, "projects/ops/STATE.md", "mine");
    const made = await addNode(await loadMesh(root), "ops", { role: "sysadmin" });
    expect(made.filter(({ state, path }) => state !== "kept" && !path.includes("runbooks"))).toEqual([]);
    expect(await read("projects/ops/STATE.md")).toBe("mine");
  });

  test("takes agent: auto and none besides the agents of mesh.yml", async () => {
    for (const agent of ["auto", "none"]) await addNode(await loadMesh(root), `by-${agent}`, { agent });
    const { nodes } = await loadMesh(root);
    expect(["by-auto", "by-none"].map((id) => nodes.get(id)?.config.agent)).toEqual(["auto", "none"]);
  });

  test("makes nothing when the name, role, agent or folder cannot be used", async () => {
    await put(outside, "file", "");
    const before = await read("mesh.yml");
    const tries = [
      ["Ops", {}, /Ops/],
      ["operator", {}, /operator/],
      ["ops", { role: "sysadmn" }, /expected generic, developer/],
      ["ops", { agent: "gpt" }, /expected offline, auto, none/],
      ["ops", { path: "../file" }, /is a file/],
      ["ops", { path: ".." }, /holds the mesh/],
      ["ops", { send: ["Not A Node"] }, /node\.yml/],
    ] as const;
    for (const [id, options, message] of tries)
      await expect(addNode(await loadMesh(root), id, options)).rejects.toThrow(message);
    expect(await read("mesh.yml")).toBe(before);
    await expect(stat(join(root, "projects", "ops"))).rejects.toThrow("ENOENT");
  });
});

describe("syncInstructions", () => {
  beforeEach(async () => {
    await put(root, "AGENTS.md", "# One\n");
  });

  test("brings every vendor's file into step, and says so", async () => {
    expect((await syncInstructions(root)).map(({ file, state }) => [file, state])).toEqual([
      ["CLAUDE.md", "written"],
      ["GEMINI.md", "written"],
      [join(".github", "copilot-instructions.md"), "written"],
    ]);
    expect(await read(".github/copilot-instructions.md")).toContain("# One");
    expect(new Set((await syncInstructions(root)).map(({ state }) => state))).toEqual(new Set(["in step"]));
  });

  test("check says what differs and writes nothing", async () => {
    await syncInstructions(root);
    const before = await read(".github/copilot-instructions.md");
    await put(root, "AGENTS.md", "# Two\n");
    const differing = (await syncInstructions(root, { check: true })).filter(({ state }) => state === "out of step");
    expect(differing).toEqual([
      expect.objectContaining({
        file: ".github/copilot-instructions.md",
        difference: "is not what AGENTS.md says now",
      }),
    ]);
    expect(await read(".github/copilot-instructions.md")).toBe(before);
  });

  test("a link to AGENTS.md and an import of one's own are in step; another link is left alone", async () => {
    await symlink("AGENTS.md", join(root, "CLAUDE.md"));
    await put(root, "GEMINI.md", "Be brief.\n\n@AGENTS.md\n");
    await put(root, "other.md", "other");
    await put(root, ".github/keep", "");
    await symlink("../other.md", join(root, ".github/copilot-instructions.md"));
    expect((await syncInstructions(root)).map(({ state }) => state)).toEqual(["in step", "in step", "out of step"]);
    expect(await read("other.md")).toBe("other");
  });
});
