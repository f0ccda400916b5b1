import { describe, expect, test } from "vitest";
import { decideTool, readHookCall } from "../../src/index.ts";
import { cwd, ground } from "./ground.ts";

function decide(tool: string, input: Record<string, unknown>, more: { server?: string; servers?: string[] } = {}) {
  const { servers = [], ...server } = more;
  return decideTool({ tool, input, cwd, ...server }, { ground, servers }).allowed;
}

const shells = [
  ["Claude Code", "Bash", (command: string) => ({ command, description: "x" })],
  ["Codex", "Bash", (command: string) => ({ command })],
  ["Codex, in its own words", "exec_command", (cmd: string) => ({ cmd })],
  ["Codex, as words", "shell", (command: string) => ({ command: ["bash", "-lc", command] })],
  ["Gemini CLI", "run_shell_command", (command: string) => ({ command })],
] as const;

describe.each(shells)("a command of %s", (_, tool, input) => {
  test("is looked at as a whole", () => {
    expect(decide(tool, input("npm test"))).toBe(true);
    expect(decide(tool, input("npm test && kubectl get pods"))).toBe(false);
  });
});

describe("a command", () => {
  test("runs in the folder that the call says", () => {
    expect(decide("run_shell_command", { command: "ls", directory: "src" })).toBe(true);
    expect(decide("run_shell_command", { command: "ls", dir_path: "../sysadmin" })).toBe(false);
    expect(decide("exec_command", { cmd: "ls", workdir: "/m/projects/sysadmin" })).toBe(false);
  });

  test("does not leave the sandbox of the program", () => {
    expect(decide("Bash", { command: "ls", dangerouslyDisableSandbox: true })).toBe(false);
    expect(decide("exec_command", { cmd: "ls", sandbox_permissions: "require_escalated" })).toBe(false);
  });

  test("that is none is refused", () => {
    expect(decide("Bash", {})).toBe(false);
    expect(decide("Bash", { command: 1 })).toBe(false);
    expect(decide("shell", { command: ["ls", 1] })).toBe(false);
  });

  test("that is typed into a program that runs is not read, and so refused", () => {
    expect(decide("write_stdin", { session_id: 1, chars: "" })).toBe(true);
    expect(decide("write_stdin", { session_id: 1, chars: "ssh web\n" })).toBe(false);
  });
});

const writers = [
  ["Write", (path: string) => ({ file_path: path, content: "x" })],
  ["Edit", (path: string) => ({ file_path: path, old_string: "a", new_string: "b" })],
  ["MultiEdit", (path: string) => ({ file_path: path, edits: [] })],
  ["NotebookEdit", (path: string) => ({ notebook_path: path, new_source: "x" })],
  ["write_file", (path: string) => ({ file_path: path, content: "x" })],
  ["replace", (path: string) => ({ file_path: path, old_string: "a", new_string: "b" })],
  [
    "apply_patch",
    (path: string) => ({ command: `*** Begin Patch\n*** Update File: ${path}\n@@\n-a\n+b\n*** End Patch\n` }),
  ],
] as const;

describe.each(writers)("%s", (tool, input) => {
  test("stays in the node's folder", () => {
    for (const path of ["src/a.ts", `${cwd}/src/a.ts`, "runbooks/deploy.md", "STATE.md", "src/../b.ts"])
      expect(decide(tool, input(path)), path).toBe(true);
    for (const path of ["../sysadmin/a.ts", "/m/mesh.yml", "/etc/hosts", "~/.bashrc", "inner/a.ts", `${cwd}2/a.ts`])
      expect(decide(tool, input(path)), path).toBe(false);
  });

  test("changes nothing that steers agents, git or the mesh", () => {
    for (const path of [
      "AGENTS.md",
      "CLAUDE.md",
      ".claude/settings.json",
      ".git/hooks/x",
      ".mcp.json",
      "node.yml",
      "src/.gitattributes",
    ])
      expect(decide(tool, input(path)), path).toBe(false);
  });

  test("may leave a memo to be sent, and touches no other mail", () => {
    expect(decide(tool, input("memos/outgoing/ask.md"))).toBe(true);
    expect(decide(tool, input("memos/incoming/a.md"))).toBe(false);
    expect(decide(tool, input("runbooks/a.record.md"))).toBe(false);
  });

  test("needs a path that can be seen", () => {
    expect(decide(tool, {})).toBe(false);
    expect(decide(tool, input("src/\u202ea.ts"))).toBe(false);
  });
});

test("a session's program hears with which tool it proposes what steers agents", () => {
  const reason = (path: string, checkout: boolean) =>
    decideTool(
      { tool: "Write", input: { file_path: path, content: "x" }, cwd },
      { ground: { ...ground, checkout }, servers: [] },
    ).reason;
  expect(reason("AGENTS.md", true)).toContain("propose the change with the tool propose_change");
  expect(reason("AGENTS.md", false)).toContain("propose the change to the operator in a memo");
  expect(reason(".git/hooks/x", true)).not.toContain("propose_change");
});

describe("a patch", () => {
  const patch = (...lines: string[]) => ({ command: ["*** Begin Patch", ...lines, "*** End Patch"].join("\n") });

  test("is refused for any one of its files", () => {
    expect(decide("apply_patch", patch("*** Add File: a.txt", "+x", "*** Delete File: b.txt"))).toBe(true);
    expect(decide("apply_patch", patch("*** Add File: a.txt", "+x", "*** Delete File: ../b.txt"))).toBe(false);
    expect(decide("apply_patch", patch("*** Update File: a.txt", "*** Move to: ../sysadmin/a.txt"))).toBe(false);
    expect(decide("apply_patch", patch("*** Update File: AGENTS.md"))).toBe(false);
  });

  test("that has lines which are not known is refused", () => {
    expect(decide("apply_patch", patch("*** Rename File: ../x"))).toBe(false);
    expect(decide("apply_patch", { command: "" })).toBe(false);
    expect(decide("apply_patch", patch("+ nothing"))).toBe(false);
  });
});

describe("reading", () => {
  test.each([
    ["Read", (path: string) => ({ file_path: path })],
    ["Grep", (path: string) => ({ pattern: "x", path })],
    ["read_file", (path: string) => ({ file_path: path })],
    ["list_directory", (path: string) => ({ dir_path: path })],
    ["read_many_files", (path: string) => ({ paths: [path] })],
  ])("with %s stays within the folder and what was granted", (tool, input) => {
    for (const path of ["src/a.ts", cwd, "../sysadmin/out/a.txt", "/m/projects/sysadmin/out", "/usr/include/stdio.h"])
      expect(decide(tool, input(path)), path).toBe(true);
    for (const path of [
      "../sysadmin/STATE.md",
      "/m/projects/sysadmin",
      "..",
      "/etc/passwd",
      "/home/ada/.ssh/id_rsa",
      ".env",
      "server.key",
      "inner/x",
    ])
      expect(decide(tool, input(path)), path).toBe(false);
  });

  test("with a pattern does not lead elsewhere", () => {
    expect(decide("Glob", { pattern: "src/**/*.ts" })).toBe(true);
    expect(decide("Grep", { pattern: "x", glob: "*.ts" })).toBe(true);
    expect(decide("Glob", { pattern: "../sysadmin/**" })).toBe(false);
    expect(decide("Glob", { pattern: "/**/*.key" })).toBe(false);
    expect(decide("Glob", { pattern: "*/../../sysadmin/*" })).toBe(false);
    expect(decide("Glob", { pattern: "**", path: "../sysadmin" })).toBe(false);
    expect(decide("glob", { pattern: "{src,../../sysadmin}/*" })).toBe(false);
    expect(decide("read_many_files", { include: ["../sysadmin/*"] })).toBe(false);
  });

  test("without a path means the folder", () => {
    expect(decide("Grep", { pattern: "x" })).toBe(true);
  });
});

describe("tools of MCP servers", () => {
  test("of the mesh may be used, as each program names them", () => {
    expect(decide("mcp__memomesh__send_memo", {}, { server: "memomesh" })).toBe(true);
    expect(decide("mcp__memomesh__send_memo", {})).toBe(true);
    expect(decide("mcp_memomesh_send_memo", {}, { server: "memomesh" })).toBe(true);
  });

  test("of others only when they are named", () => {
    expect(decide("mcp__github__create_issue", {})).toBe(false);
    expect(decide("mcp__github__create_issue", {}, { servers: ["github"] })).toBe(true);
    expect(decide("mcp_memomesh_x", {}, { server: "other" })).toBe(false);
    expect(decide("memomesh", {}, { server: "memomesh" })).toBe(false);
  });
});

test("starts other agents, whose tools are asked for too, and talks to the person", () => {
  for (const tool of ["Task", "Agent", "TodoWrite", "update_plan", "spawn_agent", "invoke_agent", "write_todos"])
    expect(decide(tool, {}), tool).toBe(true);
});

test("reaches no network, keeps no memory of its own, and uses no tool that nobody knows", () => {
  for (const tool of [
    "WebFetch",
    "WebSearch",
    "web_fetch",
    "google_web_search",
    "save_memory",
    "Frobnicate",
    "bash",
    "",
  ])
    expect(decide(tool, { url: "https://x.example" }), tool).toBe(false);
});

describe("what a program writes to its hook", () => {
  const common = { session_id: "s-1", cwd, hook_event_name: "PreToolUse", transcript_path: "/x" };

  test("is read in the form of all three", () => {
    const claude = {
      ...common,
      permission_mode: "default",
      tool_name: "Bash",
      tool_input: { command: "ls" },
      tool_use_id: "t",
    };
    const codex = {
      ...common,
      turn_id: "1",
      model: "m",
      transcript_path: null,
      tool_name: "apply_patch",
      tool_input: { command: "*** Begin Patch" },
    };
    const gemini = {
      ...common,
      hook_event_name: "BeforeTool",
      tool_name: "mcp_memomesh_finish",
      tool_input: { text: "done" },
      mcp_context: { server_name: "memomesh", tool_name: "finish" },
    };
    expect(readHookCall(JSON.stringify(claude))).toEqual({
      tool: "Bash",
      input: { command: "ls" },
      cwd,
      session: "s-1",
    });
    expect(readHookCall(JSON.stringify(codex))).toMatchObject({ tool: "apply_patch" });
    expect(readHookCall(JSON.stringify(gemini))).toMatchObject({ tool: "mcp_memomesh_finish", server: "memomesh" });
  });

  test("is refused when it is anything else", () => {
    const wrong = [
      "",
      "{",
      "[]",
      "null",
      '"x"',
      "{}",
      '{"tool_name":"Bash"}',
      '{"tool_name":"Bash","cwd":"x","tool_input":{}}',
    ];
    for (const text of [
      ...wrong,
      JSON.stringify({ ...common, tool_name: "Bash", tool_input: ["ls"] }),
      JSON.stringify({ ...common, tool_name: 1 }),
    ])
      expect(readHookCall(text), text).toBeTypeOf("string");
  });
});
