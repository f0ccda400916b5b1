import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { defaultModels } from "../providers/models.ts";
import { GeminiListener } from "./gemini-events.ts";
import type { Program, Start, Task } from "./program.ts";

/** The model is always named: the program's own choice makes many calls before it starts. */
const defaultModel = defaultModels.gemini;

/** What it may use without a person; whatever is not named is refused, and commands are up to the guard's hook. */
const working = `[[rule]]
toolName = ["read_file", "read_many_files", "list_directory", "glob", "grep_search", "write_file", "replace", "write_todos"]
decision = "allow"
priority = 900

[[rule]]
toolName = "run_shell_command"
decision = "allow"
priority = 900
allowRedirection = true

[[rule]]
mcpName = "memomesh"
toolName = "*"
decision = "allow"
priority = 900

`;
const nothingElse = `[[rule]]
toolName = "*"
decision = "deny"
priority = 1
`;

/** Gemini CLI, as seen with 0.61.0. */
export const gemini: Program = {
  title: "Gemini CLI",
  command: "gemini",
  install: "Install it with `npm install -g @google/gemini-cli`, or give the agent its path as `program` in mesh.yml.",
  oldest: "0.61.0",
  system: "gcp.gemini",
  vendor: "gemini",
  modelUrl: "https://generativelanguage.googleapis.com",
  reckons: false,
  keyVariables: ["GEMINI_API_KEY"],
  doneByEnding: false,

  async prepare(task): Promise<Start> {
    const { options, places, system, prompt } = task;
    const config = join(places.home, ".gemini");
    const rules = join(places.home, "policy.toml");
    await mkdir(config, { recursive: true });
    const settings = join(config, "settings.json");
    await writeFile(settings, JSON.stringify(settingsOf(task)));
    await writeFile(rules, task.memoTools === undefined ? nothingElse : working + nothingElse);
    const model = options.model ?? defaultModel;
    return {
      args: [
        // The prompt comes from the standard input; an empty one here makes it run without a terminal.
        ...["--model", model, "--prompt", "", "--output-format", "stream-json", "--policy", rules],
        ...["--include-directories", places.checkout, "--extensions", "none", ...options.args],
      ],
      env: {
        GEMINI_CLI_HOME: places.home,
        // Without it neither hooks nor servers are loaded, and it goes on without them.
        GEMINI_CLI_TRUST_WORKSPACE: "true",
        // It would start itself a second time, and a signal would reach the first one only.
        GEMINI_CLI_NO_RELAUNCH: "true",
        ...(options.baseUrl === undefined ? {} : { GOOGLE_GEMINI_BASE_URL: options.baseUrl }),
      },
      input: `${system}\n${prompt}`,
      fixed: [settings, rules],
    };
  },

  listen: (task) => new GeminiListener(task.options.model ?? defaultModel),
};

function settingsOf({ guard, limits, memoTools }: Task): object {
  const [command, ...args] = memoTools ?? [];
  return {
    security: { auth: { selectedType: "gemini-api-key" }, environmentVariableRedaction: { enabled: true } },
    privacy: { usageStatisticsEnabled: false },
    telemetry: { enabled: false },
    general: { enableAutoUpdate: false, enableAutoUpdateNotification: false },
    // Instructions are those of the folder in which it starts, and of none above it; variables are ours alone.
    context: { memoryBoundaryMarkers: [] },
    advanced: { ignoreLocalEnv: true },
    model: { maxSessionTurns: limits.turns },
    mcpServers: command === undefined ? {} : { memomesh: { command, args, trust: true } },
    hooks: { BeforeTool: [{ matcher: "*", hooks: [{ type: "command", command: guard("gemini"), timeout: 15_000 }] }] },
  };
}
