import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { ClaudeListener } from "./claude-events.ts";
import type { Program, Start, Task } from "./program.ts";

/** What it has of its own that a session can use: no web, no background work, no agents that outlive it. */
const ownTools = ["Read", "Write", "Edit", "Glob", "Grep", "Bash", "TodoWrite"];

/**
 * Claude Code, as seen with 2.1.329.
 *
 * Writing is allowed by the mode `acceptEdits` and so only within the checkout, commands by the guard's hook, memo tools by
 * name; all else would ask a person and is refused. Hooks and settings come from our file only, and are not read again from
 * what the agent writes. With no other sources of settings it does not read CLAUDE.md either: the prompt has the instructions.
 */
export const claude: Program = {
  title: "Claude Code",
  command: "claude",
  install:
    "Install it with `npm install -g @anthropic-ai/claude-code`, or give the agent its path as `program` in mesh.yml.",
  oldest: "2.1.197",
  system: "anthropic",
  vendor: "anthropic",
  modelUrl: "https://api.anthropic.com",
  reckons: true,
  keyVariables: ["ANTHROPIC_API_KEY", "ANTHROPIC_AUTH_TOKEN", "CLAUDE_CODE_OAUTH_TOKEN"],
  doneByEnding: false,

  async prepare(task): Promise<Start> {
    const { options, places, limits, system, prompt } = task;
    const config = join(places.home, ".claude");
    const [settings, servers] = [join(config, "memomesh-settings.json"), join(config, "memomesh-mcp.json")];
    await mkdir(config, { recursive: true });
    await writeFile(settings, JSON.stringify(settingsOf(task)));
    await writeFile(servers, JSON.stringify({ mcpServers: serversOf(task) }));
    const args = [
      ...["--print", "--output-format", "stream-json", "--verbose"],
      ...["--settings", settings, "--setting-sources", "", "--mcp-config", servers, "--strict-mcp-config"],
      ...toolsOf(task),
      ...["--append-system-prompt", system, "--max-turns", String(limits.turns)],
      ...(limits.cost === undefined ? [] : ["--max-budget-usd", String(limits.cost)]),
      ...(options.model === undefined ? [] : ["--model", options.model]),
      // The session is kept in the home of our own, so that it can go on when a person has answered.
      ...(task.resume === undefined ? [] : ["--resume", task.resume.session]),
      ...["--disable-slash-commands", "--no-chrome"],
      ...options.args,
    ];
    const env = {
      CLAUDE_CONFIG_DIR: config,
      CLAUDE_CODE_TMPDIR: places.temporary,
      CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: "1",
      // It would wait for minutes on a wrong key.
      CLAUDE_CODE_MAX_RETRIES: "3",
      DISABLE_AUTOUPDATER: "1",
      // Tools of servers are hidden behind a search otherwise.
      ENABLE_TOOL_SEARCH: "false",
      ...(options.baseUrl === undefined ? {} : { ANTHROPIC_BASE_URL: options.baseUrl }),
    };
    return { args, env, input: prompt, fixed: [settings, servers] };
  },

  listen: ({ resume }) => new ClaudeListener(resume?.cost),
};

function settingsOf({ guard, resume }: Task): object {
  const hook = (command: string) => ({ type: "command", command, timeout: 15, onFailure: "block" });
  const refused = resume?.refuse === undefined ? [] : [hook(refusing(resume.refuse))];
  return {
    hooks: { PreToolUse: [{ matcher: "*", hooks: [hook(guard("claude")), ...refused] }] },
    permissions: { deny: ["WebFetch", "WebSearch"], disableBypassPermissionsMode: "disable" },
    autoMemoryEnabled: false,
  };
}

function toolsOf({ memoTools, places }: Task): readonly string[] {
  if (memoTools === undefined) return ["--permission-mode", "default", "--tools", ""];
  return [
    ...["--permission-mode", "acceptEdits", "--tools", ownTools.join(",")],
    ...["--allowedTools", "Bash,TodoWrite,mcp__memomesh", "--add-dir", places.checkout],
  ];
}

function serversOf({ memoTools }: Task): object {
  if (memoTools === undefined) return {};
  const [command, ...args] = memoTools;
  return { memomesh: { type: "stdio", command, args } };
}

/**
 * A resumed session asks its hooks again about the use that waited, before it reads the answer. Another hook may let it
 * pass by now; what the operator has not said yes to is refused all the same.
 *
 * @param use letters, digits, "_" and "-" only
 */
function refusing(use: string): string {
  return `if grep -q '"tool_use_id" *: *"${use}"'; then echo 'The operator has not said yes to this.' >&2; exit 2; fi`;
}
