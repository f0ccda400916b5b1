import { describe, expect, test } from "vitest";
import { programs } from "../src/index.ts";

const launch = ["memomesh", "mcp"] as const;
const claude = (source: string | undefined) => programs.claude.with(source, ".mcp.json", launch);
const codex = (source: string | undefined) => programs.codex.with(source, "config.toml", launch);
const entry = { type: "stdio", command: "memomesh", args: ["mcp"] };

describe("settings in JSON", () => {
  test("are made when there are none", () => {
    expect(JSON.parse(claude(undefined))).toEqual({ mcpServers: { memomesh: entry } });
    expect(JSON.parse(claude(""))).toEqual({ mcpServers: { memomesh: entry } });
  });

  test.each([
    ["{}", "an empty object"],
    ['{ "other": [1, {"a": "}"}] }', "one line"],
    ['{\n\t"mcpServers": {}\n}\n', "tabs"],
    ['{\r\n    "mcpServers": {\r\n        "x": { "command": "y" }\r\n    }\r\n}\r\n', "other line ends"],
    ['\ufeff{ "a": "\\"//" }', "a byte order mark, and what only looks like a comment"],
  ])("keep what they hold: %j (%s)", (source) => {
    const after = claude(source);
    const { mcpServers, ...rest } = JSON.parse(after.replace(/^\ufeff/, ""));
    const { mcpServers: before = {}, ...restBefore } = JSON.parse(source.replace(/^\ufeff/, ""));
    expect(mcpServers).toEqual({ ...before, memomesh: entry });
    expect(rest).toEqual(restBefore);
    expect(after.includes("\r\n")).toBe(source.includes("\r\n"));
    expect(/[^\r]\n/.test(after) && source.includes("\r\n")).toBe(false);
    expect(claude(after)).toBe(after);
  });

  test("keep comments and commas at the end, byte for byte", () => {
    const source =
      '{\n  // ours\n  "servers": {\n    "x": { "command": "y" }, // last\n  },\n  /* "mcpServers": {} */\n}\n';
    const after = programs.vscode.with(source, ".vscode/mcp.json", launch);
    expect(after).toBe(
      '{\n  // ours\n  "servers": {\n    "x": { "command": "y" },\n    "memomesh": {\n      "type": "stdio",\n      "command": "memomesh",\n      "args": [\n        "mcp"\n      ]\n    } // last\n  },\n  /* "mcpServers": {} */\n}\n',
    );
    expect(programs.vscode.with(after, ".vscode/mcp.json", launch)).toBe(after);
  });

  test("get a new command and keep what people have added to the entry", () => {
    const source = '{ "mcpServers": { "memomesh": { "command": "old", "env": { "A": "1" }, "args": ["x", "y"] } } }';
    expect(JSON.parse(claude(source))).toEqual({ mcpServers: { memomesh: { ...entry, env: { A: "1" } } } });
  });

  test.each([
    "{",
    '{"a" 1}',
    "[]",
    '{"mcpServers": []}',
    "{'a': 1}",
    '{"a": "\n"}',
    '{"a":1} x',
    "{/*",
    `${"[".repeat(5000)}`,
  ])("that cannot be read are an error with the line: %.20s", (source) => {
    expect(() => claude(`\n${source}`)).toThrow(/^\.mcp\.json:\d+: .*Nothing was written/);
  });
});

describe("settings in TOML", () => {
  const table = '[mcp_servers.memomesh]\ncommand = "memomesh"\nargs = ["mcp"]\n';

  test("are made when there are none, and stand behind what is there", () => {
    expect(codex(undefined)).toBe(table);
    const source = '# mine\nmodel = "x" # [mcp_servers.memomesh]\n\n[mcp_servers.other]\ncommand = "y"';
    expect(codex(source)).toBe(`${source}\n\n${table}`);
    expect(codex(codex(source))).toBe(codex(source));
  });

  test("get a new command and keep lines that people have added, and everything around", () => {
    const source = `a = """\n[mcp_servers.memomesh]\n"""\n\n[ mcp_servers . "memomesh" ] # ours\r\nargs = ["old"]\r\ndefault_tools_approval_mode = "approve"\r\n\r\n# next\r\n[b]\r\ncommand = "keep"\r\n`;
    expect(codex(source)).toBe(source.replace('args = ["old"]', 'command = "memomesh"\r\nargs = ["mcp"]'));
    expect(codex(codex(source))).toBe(codex(source));
  });

  test.each([
    'mcp_servers = { memomesh = { command = "x" } }\n',
    'mcp_servers.memomesh.command = "x"\n',
    '[mcp_servers]\nmemomesh = { command = "x" }\n',
    `${table}[mcp_servers.memomesh]\n`,
    '[mcp_servers.memomesh]\nargs = [\n  "x",\n]\n',
    '[mcp_servers.memomesh]\ncommand = "x" # do not touch\n',
  ])("that would have to be rewritten are an error with the line: %j", (source) => {
    expect(() => codex(source)).toThrow(/^config\.toml:\d+: .*Nothing was written/);
  });
});
