import { spawnSync } from "node:child_process";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { memomesh, temporaryFolder } from "./program.ts";

let root: Awaited<ReturnType<typeof temporaryFolder>>;
let shop: string;

beforeAll(async () => {
  root = await temporaryFolder();
  await memomesh(["init", "--no-git"], { cwd: root.path });
  const added = await memomesh(["node", "add", "shop", "--role", "developer", "--hooks"], { cwd: root.path });
  expect(added.code, added.err).toBe(0);
  shop = join(root.path, "projects/shop");
});
afterAll(() => root[Symbol.asyncDispose]());

interface Hooks {
  hooks: Record<string, { hooks: { command: string }[] }[]>;
}

/** The installed line for an event. */
async function installed(file: string, event: string): Promise<string> {
  const { hooks } = JSON.parse(await readFile(join(shop, file), "utf8")) as Hooks;
  return hooks[event]?.[0]?.hooks[0]?.command ?? "";
}

/** Runs a line as the vendors' programs do. */
function run(line: string, input: string) {
  const { status, stdout, stderr } = spawnSync("sh", ["-c", line], { cwd: shop, input, encoding: "utf8" });
  return { code: status, out: stdout, err: stderr };
}

describe.each([
  ["Claude Code", ".claude/settings.json", "PreToolUse", "Stop", "Bash"],
  ["Codex", ".codex/hooks.json", "PreToolUse", "Stop", "Bash"],
  ["Gemini CLI", ".gemini/settings.json", "BeforeTool", "AfterAgent", "run_shell_command"],
])("the hooks of %s as they were installed", (_, file, before, stop, shell) => {
  const call = (command: string) =>
    JSON.stringify({
      session_id: `s-${file}`,
      cwd: shop,
      hook_event_name: before,
      tool_name: shell,
      tool_input: { command },
    });

  // The JSON form of a denial is reported to be ignored in some cases (anthropics/claude-code #18312, #37210).
  test("deny with exit code 2 and a reason, allow in silence", async () => {
    const line = await installed(file, before);
    expect(run(line, call("ls"))).toEqual({ code: 0, out: "", err: "" });
    expect(run(line, call("ls && kubectl get pods"))).toEqual({
      code: 2,
      out: "",
      err: expect.stringMatching(
        /^kubectl get asks live infrastructure what is there\. Write it as a step of a runbook/,
      ),
    });
  });

  test("deny what they cannot read", async () => {
    const line = await installed(file, before);
    for (const input of ["", "{", "[]"]) expect(run(line, input)).toMatchObject({ code: 2, out: "" });
  });

  test("tell how the node stands, and once what is left to do", async () => {
    const about = { session_id: `s-${file}`, cwd: shop };
    const start = run(await installed(file, "SessionStart"), JSON.stringify({ ...about, source: "startup" }));
    expect(JSON.parse(start.out)).toMatchObject({ hookSpecificOutput: { hookEventName: "SessionStart" } });
    run(await installed(file, before), call("echo x > a.txt"));
    const end = await installed(file, stop);
    expect(JSON.parse(run(end, JSON.stringify({ ...about, stop_hook_active: false })).out)).toMatchObject({
      decision: "block",
    });
    expect(run(end, JSON.stringify({ ...about, stop_hook_active: true }))).toEqual({ code: 0, out: "", err: "" });
    expect(run(end, "no json")).toMatchObject({ code: 0, out: "" });
  });
});

test("guard hook says no to arguments that it does not know", async () => {
  for (const args of [[], ["--for", "copilot"], ["--for", "claude", "--frobnicate"]]) {
    const { code, out, err } = await memomesh(["guard", "hook", ...args], { cwd: shop, input: "{}" });
    expect([code, out]).toEqual([2, ""]);
    expect(err).not.toBe("");
  }
});

test("guard check explains a decision", async () => {
  const denied = await memomesh(["guard", "check", "npm test && ssh web"], { cwd: shop });
  expect(denied.code).toBe(1);
  expect(denied.out).toContain("denied   ssh works on another machine.");
  expect(denied.out).toContain("runbook");
  const allowed = await memomesh(["guard", "check", "npm test", "--node", "shop", "--json"], { cwd: root.path });
  expect(JSON.parse(allowed.out)).toMatchObject({ node: "shop", allowed: true });
});

test("hooks install --check says what differs; doctor proves that the hooks hold", async () => {
  expect(await memomesh(["hooks", "install", "--check"], { cwd: root.path })).toMatchObject({ code: 0 });
  const { out } = await memomesh(["doctor", "--json"], { cwd: root.path, env: { HOME: root.path } });
  expect(JSON.parse(out).findings.filter(({ code }: { code: string }) => code.startsWith("doctor.hooks"))).toEqual([]);
  expect(await memomesh(["hooks", "install", "shop", "--remove"], { cwd: root.path })).toMatchObject({ code: 0 });
  expect(await memomesh(["hooks", "install", "--check"], { cwd: root.path })).toMatchObject({ code: 1 });
});
