import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { CodexListener } from "./codex-events.ts";
import type { Program, Start, Task } from "./program.ts";

const key = "OPENAI_API_KEY";
const modelUrl = "https://api.openai.com/v1";

/**
 * Codex, as seen with 0.169.0. It has a sandbox of its own, in which commands write to the checkout's node only and have no
 * network; it does not work within ours, which then takes its place. It has no limit of turns or money: the session's time ends it, and it needs that, because it waits for a dead
 * server for ever.
 */
export const codex: Program = {
  title: "Codex",
  command: "codex",
  install: "Install it with `npm install -g @openai/codex`, or give the agent its path as `program` in mesh.yml.",
  oldest: "0.169.0",
  system: "openai",
  vendor: "openai",
  modelUrl,
  reckons: false,
  keyVariables: [key],
  doneByEnding: false,

  async prepare(task): Promise<Start> {
    const home = join(task.places.home, ".codex");
    await mkdir(home, { recursive: true });
    const [config, hooks] = [join(home, "config.toml"), join(home, "hooks.json")];
    await writeFile(config, configOf(task));
    await writeFile(hooks, JSON.stringify(hooksOf(task)));
    const { options, system, prompt } = task;
    // Hooks that nobody has looked at are skipped without a word. Ours is the only one in this home, and projects are not trusted.
    const flags = ["--json", "--skip-git-repo-check", "--ephemeral", "--dangerously-bypass-hook-trust"];
    return {
      args: ["exec", ...flags, ...options.args, "-"],
      env: { CODEX_HOME: home },
      input: `${system}\n${prompt}`,
      fixed: [config, hooks],
    };
  },

  listen: (task) => new CodexListener(task.options.model),
};

function hooksOf({ guard }: Task): object {
  return {
    hooks: { PreToolUse: [{ matcher: "*", hooks: [{ type: "command", command: guard("codex"), timeout: 15 }] }] },
  };
}

function configOf({ options, confined, memoTools }: Task): string {
  const unconfined = memoTools === undefined ? "read-only" : "workspace-write";
  return `${[
    ...(options.model === undefined ? [] : [`model = ${toml(options.model)}`]),
    `model_provider = "memomesh"`,
    `approval_policy = "never"`,
    `sandbox_mode = "${confined ? "danger-full-access" : unconfined}"`,
    `web_search = "disabled"`,
    `check_for_update_on_startup = false`,
    "# Instructions are those of the folder in which it starts, and of none above it.",
    `project_root_markers = []`,
    "",
    "[sandbox_workspace_write]",
    "network_access = false",
    "exclude_slash_tmp = true",
    "",
    "[shell_environment_policy]",
    "ignore_default_excludes = false",
    "",
    "[analytics]",
    "enabled = false",
    "",
    "[history]",
    `persistence = "none"`,
    "",
    "[model_providers.memomesh]",
    `name = "memomesh"`,
    `base_url = ${toml(options.baseUrl ?? modelUrl)}`,
    `env_key = ${toml(key)}`,
    `wire_api = "responses"`,
    "request_max_retries = 3",
    "stream_max_retries = 3",
    ...(memoTools === undefined ? withoutTools : serverOf(memoTools)),
  ].join("\n")}\n`;
}

/** What can be switched off; the guard refuses the rest. */
const withoutTools = [
  "",
  "[features]",
  ...["shell_tool", "unified_exec", "multi_agent", "image_generation", "goals", "apps", "plugins"].map(
    (name) => `${name} = false`,
  ),
];

function serverOf([command = "", ...args]: readonly string[]): readonly string[] {
  return [
    "",
    "[mcp_servers.memomesh]",
    `command = ${toml(command)}`,
    `args = [${args.map(toml).join(", ")}]`,
    `default_tools_approval_mode = "approve"`,
    "required = true",
  ];
}

/** A text as a basic string of TOML, whose escapes are those of JSON but for DEL. */
function toml(text: string): string {
  return JSON.stringify(text).replaceAll("\x7f", "\\u007f");
}
