import { posix } from "node:path";
import { unsafeCharacters } from "../display.ts";
import { decideCommand } from "./decide-command.ts";
import { checkRead, checkWrite, type Ground } from "./ground.ts";
import { insteadOf, stayInside } from "./instead.ts";
import { patchPaths } from "./patch-paths.ts";
import { allow, deny, type ToolDecision } from "./tool-decision.ts";
import { mcpServer, toolKind } from "./tool-kinds.ts";

/** A tool that an agent wants to use, as its program says it. */
export interface ToolCall {
  readonly tool: string;
  readonly input: Readonly<Record<string, unknown>>;
  /** Absolute path of the folder in which the agent is. */
  readonly cwd: string;
  /** The MCP server that the tool belongs to, when the program says it. */
  readonly server?: string;
}

export interface ToolRules {
  readonly ground: Ground;
  /** MCP servers whose tools may be used besides those of the mesh. */
  readonly servers: readonly string[];
}

/** The mesh's own server, whose tools know the node and its grants. */
const ownServer = "memomesh";
const askOperator = "Ask for it in a memo to the operator.";

/**
 * Whether an agent may use a tool: it may read and write in its node's folder, read what was granted, and run what
 * reads, lints, tests and builds. Whatever is not known is refused.
 */
export function decideTool(call: ToolCall, rules: ToolRules): ToolDecision {
  const { tool, input } = call;
  const { ground, servers } = rules;
  switch (toolKind(tool)) {
    case "command":
      return decideShell(call, ground);
    case "read":
      return decidePaths(call, ground, "read");
    case "write":
      return decidePaths(call, ground, "write");
    case "edit":
      return decidePaths(call, ground, "edit");
    case "patch":
      return decidePatch(call, ground);
    case "harmless":
      return allow(`${tool} touches nothing by itself.`, false);
    case "input":
      return strings(input.chars).join("") === ""
        ? allow(`${tool} only waits.`, false)
        : deny(
            `${tool} types into a program, and nobody has read what that means.`,
            "Give the program its input when it starts.",
          );
    case "network":
      return deny(`${tool} reaches out into the network.`, insteadOf(["network"], ground.node.folder));
    case "memory":
      return deny(`${tool} writes what agents are told at each start.`, "Write a lesson in docs/ai-lessons.md.");
    case undefined: {
      const allowed = [ownServer, ...servers];
      const server =
        call.server === undefined ? mcpServer(tool, allowed) : allowed.find((each) => each === call.server);
      if (tool.startsWith("mcp_") && server !== undefined)
        return allow(`${server} is a server that may be used.`, false);
      return deny(`${tool} is no tool that the guard knows.`, askOperator);
    }
  }
}

function decideShell({ tool, input, cwd }: ToolCall, ground: Ground): ToolDecision {
  if (
    input.dangerouslyDisableSandbox === true ||
    input.with_escalated_permissions === true ||
    input.sandbox_permissions === "require_escalated"
  )
    return deny(`${tool} is to run without its sandbox.`, "Run it inside, or write it as a step of a runbook.");
  const command = shellText(input.command ?? input.cmd);
  if (command === undefined) return deny(`${tool} was given no command that can be read.`, "Give it as one text.");
  const folder = input.workdir ?? input.dir_path ?? input.directory;
  return decideCommand(command, typeof folder === "string" ? absolute(folder, cwd, ground) : cwd, ground);
}

/** @param command a text, or the words of one */
function shellText(command: unknown): string | undefined {
  if (typeof command === "string") return command;
  if (!Array.isArray(command) || !command.every((word) => typeof word === "string")) return undefined;
  const [shell = "", option = "", text, ...more] = command;
  if (/(?:^|\/)(?:ba|z)?sh$/.test(shell) && /^-l?c$/.test(option) && more.length === 0) return text;
  return command.map((word) => `'${word.replaceAll("'", "'\\''")}'`).join(" ");
}

/** Under these names the programs say which files they mean. */
const pathNames = ["file_path", "notebook_path", "absolute_path", "path", "dir_path"];
const listNames = ["paths", "include", "file_paths"];
/** Of searches: patterns that may lead elsewhere. */
const patternNames = {
  Glob: ["pattern"],
  glob: ["pattern"],
  Grep: ["glob"],
  grep_search: ["include_pattern"],
} as const;

function decidePaths(call: ToolCall, ground: Ground, does: "read" | "write" | "edit"): ToolDecision {
  const { tool, input, cwd } = call;
  const base = pathNames.flatMap((name) => (typeof input[name] === "string" ? [input[name]] : []));
  const lists = listNames.flatMap((name) => strings(input[name]));
  const patterns = Object.hasOwn(patternNames, tool)
    ? patternNames[tool as keyof typeof patternNames].flatMap((name) => strings(input[name]))
    : [];
  const below = patterns.map((pattern) =>
    posix.join(pattern.startsWith("/") ? "" : (base[0] ?? ""), beforePattern(pattern)),
  );
  const paths = [...base, ...lists.map(beforePattern), ...below];
  if (paths.length === 0 && does !== "read") return deny(`${tool} names no file.`, "Say which file is meant.");
  for (const path of paths.length === 0 ? ["."] : paths) {
    const decision = decidePath(absolute(path, cwd, ground), ground, does);
    if (!decision.allowed) return decision;
  }
  return allow(
    `${tool} stays within what ${ground.node.id} may ${does === "read" ? "read" : "change"}.`,
    does !== "read",
  );
}

function decidePatch({ tool, input, cwd }: ToolCall, ground: Ground): ToolDecision {
  const patch = strings(input.command ?? input.input ?? input.patch).at(-1) ?? "";
  const paths = patchPaths(patch);
  if (paths === undefined)
    return deny(`${tool} was given a patch that cannot be read.`, "Write it in the tool's own form.");
  for (const path of paths) {
    const decision = decidePath(absolute(path, cwd, ground), ground, "edit");
    if (!decision.allowed) return decision;
  }
  return allow(`${tool} stays within what ${ground.node.id} may change.`, true);
}

function decidePath(path: string, ground: Ground, does: "read" | "write" | "edit"): ToolDecision {
  const { folder } = ground.node;
  if (unsafeCharacters(path).length > 0)
    return deny("A path holds characters that cannot be seen.", "Write it in plain characters.");
  const checks = does === "read" ? [checkRead] : does === "write" ? [checkWrite] : [checkWrite, checkRead];
  const refusal = checks.map((check) => check(ground, path)).find((decision) => !decision.allowed);
  return refusal === undefined ? allow("", does !== "read") : deny(refusal.reason, stayInside(folder));
}

/** The folders of a pattern in which it looks; from a `..` behind a wildcard it may look anywhere. */
function beforePattern(pattern: string): string {
  const names = pattern.split("/");
  const first = names.findIndex((name) => /[*?[\]{}]/.test(name));
  if (first < 0) return pattern;
  if (names.slice(first).some((name) => name.includes(".."))) return "/";
  return names.slice(0, first).join("/") || (pattern.startsWith("/") ? "/" : ".");
}

function strings(value: unknown): readonly string[] {
  if (typeof value === "string") return [value];
  return Array.isArray(value) ? value.filter((each) => typeof each === "string") : [];
}

function absolute(path: string, cwd: string, { home }: Ground): string {
  const [, below] = /^~(\/.*)?$/s.exec(path) ?? [];
  const whole = path === "~" || below !== undefined ? posix.join(home, below ?? "") : posix.resolve(cwd, path);
  return whole.length > 1 && whole.endsWith("/") ? whole.slice(0, -1) : whole;
}
