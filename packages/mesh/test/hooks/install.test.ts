import { mkdir, readFile, symlink } from "node:fs/promises";
import { join } from "node:path";
import { beforeEach, describe, expect, test } from "vitest";
import { type InstallOptions, installHooks } from "../../src/hooks/install.ts";
import { initMesh } from "../../src/init.ts";
import { loadMesh, requireNode } from "../../src/load.ts";
import { addNode } from "../../src/node.ts";
import { put, temporaryFolder } from "../folder.ts";

let root: string;
let shop: string;

beforeEach(async () => {
  root = await temporaryFolder();
  await initMesh(root, { name: "studio" });
  await addNode(await loadMesh(root), "shop", { role: "developer" });
  shop = join(root, "projects/shop");
});

async function install(options: InstallOptions = {}, node = "shop") {
  const mesh = await loadMesh(root);
  const done = await installHooks(mesh, requireNode(mesh, node), { program: ["memomesh"], ...options });
  return done.map(({ vendor, state }) => `${vendor} ${state}`);
}

const read = (file: string) => readFile(join(shop, file), "utf8");

describe("hooks are installed", () => {
  test("for all three programs, once", async () => {
    expect(await install({ check: true })).toEqual(["claude out of step", "codex out of step", "gemini out of step"]);
    expect(await install()).toEqual(["claude written", "codex written", "gemini written"]);
    const before = await Promise.all([".claude/settings.json", ".codex/hooks.json", ".gemini/settings.json"].map(read));
    expect(await install()).toEqual(["claude in step", "codex in step", "gemini in step"]);
    expect(
      await Promise.all([".claude/settings.json", ".codex/hooks.json", ".gemini/settings.json"].map(read)),
    ).toEqual(before);
    expect(before[0]).toContain("guard hook --for claude --node shop");
  });

  test("again when the program has moved", async () => {
    await install({ vendors: ["claude"] });
    expect(await install({ vendors: ["claude"], program: ["/new/node", "/new/main.js"], check: true })).toEqual([
      "claude out of step",
    ]);
    await install({ vendors: ["claude"], program: ["/new/node", "/new/main.js"] });
    expect(await read(".claude/settings.json")).toContain("/new/node /new/main.js guard hook");
    expect(await read(".claude/settings.json")).not.toContain(" memomesh guard hook");
  });

  test("with the mesh's place for a node outside of it", async () => {
    const outside = await temporaryFolder();
    await addNode(await loadMesh(root), "blog", { path: outside });
    await install({ vendors: ["claude"] }, "blog");
    expect(await readFile(join(outside, ".claude/settings.json"), "utf8")).toContain(`--node blog --mesh ${root}`);
  });
});

describe("what people have set themselves", () => {
  const own =
    '{\n\t"model": "x",\n\t"hooks": {\n\t\t"PreToolUse": [\n\t\t\t{\n\t\t\t\t"matcher": "Bash",\n\t\t\t\t"hooks": []\n\t\t\t}\n\t\t]\n\t}\n}\n';

  test("is kept, and is all that is left when the hooks are taken out", async () => {
    await put(shop, ".claude/settings.json", own);
    expect(await install({ vendors: ["claude"] })).toEqual(["claude written"]);
    expect(JSON.parse(await read(".claude/settings.json"))).toMatchObject({
      model: "x",
      hooks: { PreToolUse: [{}, { matcher: "Bash" }] },
    });
    expect(await install({ vendors: ["claude"], remove: true })).toEqual(["claude removed"]);
    expect(await read(".claude/settings.json")).toBe(own);
  });

  test("is not written over when it cannot be read exactly", async () => {
    for (const text of [
      '{\n  // mine\n  "model": "x"\n}\n',
      '{ "model": "x", }',
      "[]",
      "{ broken",
      '{ "hooks": [] }',
    ]) {
      await put(shop, ".claude/settings.json", text);
      await expect(install({ vendors: ["claude"] }), text).rejects.toMatchObject({
        code: "hook.settings",
        place: { file: ".claude/settings.json" },
      });
      expect(await read(".claude/settings.json")).toBe(text);
    }
  });

  test("is not followed through a link", async () => {
    const elsewhere = await temporaryFolder();
    await symlink(elsewhere, join(shop, ".claude"));
    await expect(install({ vendors: ["claude"] })).rejects.toMatchObject({ code: "hook.settings" });
    await mkdir(join(shop, ".codex"));
    await symlink(join(elsewhere, "x.json"), join(shop, ".codex/hooks.json"));
    await expect(install({ vendors: ["codex"] })).rejects.toMatchObject({ code: "hook.settings" });
  });
});

test("takes out nothing where nothing was installed", async () => {
  expect(await install({ remove: true })).toEqual(["claude in step", "codex in step", "gemini in step"]);
  await expect(read(".claude/settings.json")).rejects.toThrow("ENOENT");
});

test("leaves no file behind that held nothing else", async () => {
  await install({ vendors: ["codex"] });
  await install({ vendors: ["codex"], remove: true });
  await expect(read(".codex/hooks.json")).rejects.toThrow("ENOENT");
});
