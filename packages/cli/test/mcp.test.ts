import { type ChildProcessByStdio, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, readFile, stat, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Readable } from "node:stream";
import { addNode, initMesh, loadMesh } from "@memomesh/mesh";
import { beforeEach, describe, expect, onTestFinished, test } from "vitest";
import { main, memomesh, temporaryFolder } from "./program.ts";

let cwd: string;
let node: string;

beforeEach(async () => {
  const folder = await temporaryFolder();
  cwd = folder.path;
  node = join(cwd, "projects", "ops");
  await initMesh(cwd, { name: "studio" });
  await addNode(await loadMesh(cwd), "ops", { role: "sysadmin" });
  return () => folder[Symbol.asyncDispose]();
});

const files = [".mcp.json", ".codex/config.toml", ".gemini/settings.json", ".vscode/mcp.json", ".cursor/mcp.json"];
const textOf = (path: string) => readFile(join(node, path), "utf8").catch(() => undefined);

describe("mcp install", () => {
  test("shows the difference, writes it for every program, and finds nothing to do the second time", async () => {
    const { code, out } = await memomesh(["mcp", "install", "--yes"], { cwd: node });
    expect(code).toBe(0);
    for (const file of files) {
      expect(out).toContain(`+++ ${file}`);
      expect(await textOf(file)).toContain("mcp");
    }
    expect(out).toMatch(/^\+ {4}"memomesh": \{$/m);
    expect(out).toContain("Codex reads it only in a folder that it trusts");
    const again = await memomesh(["mcp", "install", "--yes", "--json"], { cwd: node });
    expect(JSON.parse(again.out).files.map(({ state }: { state: string }) => state)).toEqual(files.map(() => "kept"));
  });

  test("changes only its own entry, and shows what is around it without what a terminal could obey", async () => {
    const source = '{\n  // ours\u001b[2J\n  "mcpServers": {\n    "other": { "command": "x" },\n  },\n}\n';
    await writeFile(join(node, ".mcp.json"), source);
    const { out } = await memomesh(["mcp", "install", "--for", "claude", "--yes"], { cwd: node });
    expect(out).toContain("‹U+001B›[2J");
    expect(out).toMatch(/^@@ -2,5 \+2,\d+ @@$/m);
    expect(out).toMatch(/^ {5}"other"/m);
    const after = (await textOf(".mcp.json")) ?? "";
    const own = after.slice(after.indexOf('\n    "memomesh"'), after.indexOf("\n    }") + "\n    }".length);
    expect(after.replace(own, "")).toBe(source);
  });

  test("writes nothing with --print, and nothing without a terminal to ask in", async () => {
    expect((await memomesh(["mcp", "install", "--print"], { cwd: node })).code).toBe(0);
    const { code, err } = await memomesh(["mcp", "install", "--for", "claude"], { cwd: node });
    expect(code).toBe(2);
    expect(err).toContain("--yes");
    expect(await Promise.all(files.map(textOf))).toEqual(files.map(() => undefined));
  });

  test("writes nothing at all when one of the files cannot be read, and says which line", async () => {
    await mkdir(join(node, ".vscode"));
    await writeFile(join(node, ".vscode", "mcp.json"), '{\n  "servers": [\n');
    const { code, err } = await memomesh(["mcp", "install", "--yes"], { cwd: node });
    expect(code).toBe(65);
    expect(err).toMatch(/\.vscode\/mcp\.json:\d: .*Nothing was written/);
    expect(await textOf(".mcp.json")).toBeUndefined();
  });

  test("does not write through a link into another folder", async () => {
    await mkdir(join(cwd, "elsewhere"));
    await symlink(join(cwd, "elsewhere"), join(node, ".codex"));
    const { code, err } = await memomesh(["mcp", "install", "--for", "codex", "--yes"], { cwd: node });
    expect({ code, err }).toEqual({ code: 65, err: expect.stringContaining("symbolic link") });
  });

  test("tells a node outside of the mesh's folder where the mesh is", async () => {
    await using outside = await temporaryFolder();
    await addNode(await loadMesh(cwd), "far", { path: outside.path });
    await memomesh(["mcp", "install", "--node", "far", "--for", "cursor", "--yes"], { cwd });
    const { mcpServers } = JSON.parse(await readFile(join(outside.path, ".cursor", "mcp.json"), "utf8"));
    expect(mcpServers.memomesh.args.slice(-4, -1)).toEqual(["--node", "far", "--mesh"]);
    expect(join(outside.path, mcpServers.memomesh.args.at(-1))).toBe(cwd);
  });
});

describe("mcp", () => {
  async function serve(
    env: Record<string, string> = {},
    ...args: string[]
  ): Promise<[ChildProcessByStdio<null, Readable, null>, { url: string; token: string }]> {
    const child = spawn(process.execPath, [main, "mcp", "--http", "0", "--json", ...args], {
      cwd: node,
      env: { ...process.env, ...env },
      stdio: ["ignore", "pipe", "inherit"],
    });
    onTestFinished(() => void child.kill("SIGKILL"));
    const [line] = await once(child.stdout, "data");
    return [child, JSON.parse(String(line))];
  }

  test("over HTTP keeps its token in a file for its owner alone, and the same one the next time", async () => {
    const tokens: string[] = [];
    for (let starts = 0; starts < 2; starts += 1) {
      const [child, { url, token }] = await serve();
      const file = join(node, token);
      expect((await stat(file)).mode & 0o777).toBe(0o600);
      tokens.push(await readFile(file, "utf8"));
      const headers = { authorization: `Bearer ${tokens[0]?.trim()}` };
      expect((await fetch(url)).status).toBe(401);
      expect((await fetch(url, { headers })).status).toBe(406);
      child.kill("SIGTERM");
      const [code] = await once(child, "exit");
      expect(code).toBe(0);
    }
    expect(tokens[0]).toMatch(/^[0-9a-f]{64}\n$/);
    expect(tokens[1]).toBe(tokens[0]);
  });

  test("says who is in the way of its port, and refuses a token that could be guessed", async () => {
    const [child, { url }] = await serve({ MEMOMESH_MCP_TOKEN: "long-enough-for-a-test" });
    const { port } = new URL(url);
    const second = await memomesh(["mcp", "--http", port], { cwd: node });
    expect(second).toMatchObject({ code: 75, err: expect.stringContaining(`port ${port}`) });
    child.kill("SIGINT");
    await once(child, "exit");
    const weak = await memomesh(["mcp", "--http", "0"], { cwd: node, env: { MEMOMESH_MCP_TOKEN: "short" } });
    expect(weak).toMatchObject({ code: 2, err: expect.stringContaining("MEMOMESH_MCP_TOKEN") });
    expect((await memomesh(["mcp", "--http", "99999"], { cwd: node })).code).toBe(2);
  });

  test("ends when its client does, keeps standard output for the protocol, and says what it needs outside of a mesh", async () => {
    expect(await memomesh(["mcp"], { cwd: node })).toEqual({ code: 0, out: "", err: "" });
    await using outside = await temporaryFolder();
    const lost = await memomesh(["mcp"], { cwd: outside.path });
    expect(lost).toMatchObject({ code: 2, out: "", err: expect.stringContaining("memomesh init") });
    expect((await memomesh(["mcp", "--node", "nobody"], { cwd: node })).err).toContain('no node "nobody"');
    expect((await memomesh(["mcp", "--mesh", cwd, "--node", "ops"], { cwd: outside.path })).code).toBe(0);
  });
});
