import { chmod, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Vendor } from "@memomesh/guard";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { checkHooks } from "../../src/doctor/hooks.ts";
import { installHooks } from "../../src/hooks/install.ts";
import { initMesh } from "../../src/init.ts";
import { loadMesh, requireNode } from "../../src/load.ts";
import { addNode } from "../../src/node.ts";
import { put, temporaryFolder } from "../folder.ts";

let root: string;
let home: string;
let shop: string;

beforeEach(async () => {
  root = await temporaryFolder();
  home = await temporaryFolder();
  vi.stubEnv("HOME", home);
  for (const name of ["CLAUDE_CONFIG_DIR", "CODEX_HOME", "GEMINI_CLI_TRUSTED_FOLDERS_PATH"])
    vi.stubEnv(name, undefined);
  await initMesh(root, { name: "studio" });
  await addNode(await loadMesh(root), "shop", { role: "developer" });
  shop = join(root, "projects/shop");
});
afterEach(() => vi.unstubAllEnvs());

/** A program in the guard's place, as shell text that has the hook's input in `$call`. */
async function program(text: string): Promise<readonly string[]> {
  const path = await put(home, "guard.sh", `#!/bin/sh\ncall=$(cat)\n${text}\n`);
  await chmod(path, 0o755);
  return [path];
}

const honest = 'case "$call" in *sudo*) echo no >&2; exit 2;; esac; exit 0';

async function install(guard: readonly string[], vendor: Vendor) {
  const mesh = await loadMesh(root);
  await installHooks(mesh, requireNode(mesh, "shop"), { program: guard, vendors: [vendor] });
}

async function found(guard: readonly string[]): Promise<string[]> {
  const findings = await checkHooks(await loadMesh(root), guard);
  return findings.map(({ code, sentence }) => `${code}: ${sentence}`);
}

describe("doctor tries the installed hook", () => {
  test("and finds nothing wrong with one that denies and allows as it should", async () => {
    const guard = await program(honest);
    expect(await found(guard)).toEqual([]);
    await install(guard, "claude");
    expect(await found(guard)).toEqual([]);
  });

  test("and finds one that lets everything through", async () => {
    const guard = await program("exit 0");
    await install(guard, "claude");
    expect(await found(guard)).toEqual([expect.stringContaining("lets a forbidden command through")]);
  });

  test("and finds one that stops everything, and says why", async () => {
    const guard = await program("echo 'no mesh here' >&2; exit 2");
    await install(guard, "claude");
    expect(await found(guard)).toEqual([expect.stringMatching(/stops everything.*no mesh here/)]);
    const crashing = await program("exit 1");
    expect(await found(crashing)).toEqual([expect.stringContaining("stops everything")]);
  });

  test("and runs nothing that somebody else has put in its place", async () => {
    const guard = await program(honest);
    await install(guard, "claude");
    const file = join(shop, ".claude/settings.json");
    const text = await readFile(file, "utf8");
    await writeFile(file, text.replace(`set -- ${guard[0]}`, `touch ${home}/ran; set -- ${guard[0]}`));
    const [finding] = await checkHooks(await loadMesh(root), guard);
    expect(finding).toMatchObject({ code: "doctor.hooks.differ", severity: "warning" });
    await expect(readFile(join(home, "ran"))).rejects.toThrow("ENOENT");
    await finding?.repair?.act();
    expect(await found(guard)).toEqual([]);
  });

  test("and says when the settings cannot be read", async () => {
    await put(shop, ".claude/settings.json", "{ // comment\n}");
    expect(await found(["x"])).toEqual([expect.stringContaining("hook.settings: it is JSON with comments")]);
  });
});

describe("doctor says what keeps a program from running the hook", () => {
  test("Claude Code: hooks are switched off", async () => {
    const guard = await program(honest);
    await install(guard, "claude");
    const local = await put(shop, ".claude/settings.local.json", '{ "disableAllHooks": true }');
    expect(await found(guard)).toEqual([`doctor.hooks.off: Claude Code does not run it: disableAllHooks in ${local}`]);
    await writeFile(local, "{}");
    await put(home, ".claude/settings.json", '{ "disableAllHooks": true }');
    expect(await found(guard)).toHaveLength(1);
  });

  test("Gemini CLI: the folder is not trusted, or hooks are switched off", async () => {
    const guard = await program(honest);
    await install(guard, "gemini");
    expect(await found(guard)).toEqual([]);
    await put(home, ".gemini/settings.json", "{}");
    expect(await found(guard)).toEqual([expect.stringContaining("does not trust this folder")]);
    await put(home, ".gemini/trustedFolders.json", JSON.stringify({ [root]: "TRUST_FOLDER" }));
    expect(await found(guard)).toEqual([]);
    await put(home, ".gemini/trustedFolders.json", JSON.stringify({ [root]: "TRUST_FOLDER", [shop]: "DO_NOT_TRUST" }));
    expect(await found(guard)).toEqual([expect.stringContaining("does not trust this folder")]);
    await put(home, ".gemini/trustedFolders.json", JSON.stringify({ [shop]: "TRUST_PARENT" }));
    await put(home, ".gemini/settings.json", '{ "hooksConfig": { "disabled": ["memomesh-guard"] } }');
    expect(await found(guard)).toEqual([expect.stringContaining("switches it off")]);
  });

  test("Codex: the folder is not trusted, and nobody has accepted the hook", async () => {
    const guard = await program(honest);
    await install(guard, "codex");
    expect(await found(guard)).toEqual([]);
    await put(home, ".codex/config.toml", 'model = "x"\n');
    expect(await found(guard)).toEqual([
      expect.stringContaining("does not trust this folder"),
      expect.stringContaining("nobody has accepted it"),
    ]);
    const key = `${join(shop, ".codex/hooks.json")}:pre_tool_use:0:0`;
    const trusted = `[projects."${root}"]\ntrust_level = "trusted"\n\n[hooks.state."${key}"]\ntrusted_hash = "sha256:00"\n`;
    await put(home, ".codex/config.toml", trusted);
    expect(await found(guard)).toEqual([]);
    await put(home, ".codex/config.toml", `${trusted}[features]\nhooks = false # no\n`);
    expect(await found(guard)).toEqual([expect.stringContaining("switched off under [features]")]);
  });
});
