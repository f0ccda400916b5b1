import { existsSync, readFileSync, realpathSync } from "node:fs";
import { homedir } from "node:os";
import { dirname, join } from "node:path";
import { guardName, hookEvents, hookFile, isSettings, meshHooks, type Settings, type Vendor } from "@memomesh/guard";
import { tomlTables } from "./toml-tables.ts";

/**
 * Why a vendor's program would not run the hooks that stand in a project: what has switched them off, or what it does not
 * trust. Only for programs that have been used on this machine.
 *
 * @param folder absolute path of the project
 * @returns sentences that begin in the middle: "Claude Code does not run it: …"
 */
export function switchedOff(vendor: Vendor, folder: string): readonly string[] {
  return { claude: claudeReasons, codex: codexReasons, gemini: geminiReasons }[vendor](folder);
}

/** @see docs/security.md; a person with --safe-mode, --bare or --setting-sources can always leave hooks out */
function claudeReasons(folder: string): readonly string[] {
  const user = process.env.CLAUDE_CONFIG_DIR ?? join(homedir(), ".claude");
  const files = [
    join(folder, ".claude/settings.local.json"),
    join(folder, ".claude/settings.json"),
    join(user, "settings.json"),
  ];
  const off = files.filter((file) => settingsOf(file)?.disableAllHooks === true);
  const managed = ["/etc/claude-code", "/Library/Application Support/ClaudeCode"]
    .map((place) => join(place, "managed-settings.json"))
    .filter((file) => settingsOf(file)?.allowManagedHooksOnly === true || settingsOf(file)?.disableAllHooks === true);
  return [
    ...off.map((file) => `Claude Code does not run it: disableAllHooks in ${file}`),
    ...managed.map((file) => `Claude Code does not run it: ${file} allows no hooks of projects`),
  ];
}

function codexReasons(folder: string): readonly string[] {
  const home = process.env.CODEX_HOME ?? join(homedir(), ".codex");
  const source = textOf(join(home, "config.toml"));
  if (source === undefined) return [];
  const tables = tomlTables(source);
  const config = join(home, "config.toml");
  const off = tables.some(
    ({ name, values }) => name.join() === "features" && (values.hooks === false || values.codex_hooks === false),
  );
  const trusted = tables
    .filter(({ name: [first], values }) => first === "projects" && values.trust_level === "trusted")
    .some(({ name: [, project = ""] }) => isProject(project, folder));
  const file = join(folder, hookFile("codex"));
  const [hook] = meshHooks(settingsOf(file) ?? {}, hookEvents("codex").before);
  const key = `${file}:pre_tool_use:${hook?.group}:${hook?.index}`;
  const accepted = tables.some(
    ({ name, values }) =>
      name.join("\n") === `hooks\nstate\n${key}` && typeof values.trusted_hash === "string" && values.enabled !== false,
  );
  return [
    ...(off ? [`Codex does not run it: hooks are switched off under [features] in ${config}`] : []),
    ...(trusted ? [] : [`Codex does not run it: ${config} does not trust this folder; start codex there and trust it`]),
    ...(accepted ? [] : [`Codex does not run it: nobody has accepted it; start codex there and accept it with /hooks`]),
  ];
}

/** Codex trusts a folder with all that is in its repository. */
function isProject(project: string, folder: string): boolean {
  for (let at = folder; ; at = dirname(at)) {
    if (project === at) return true;
    if (existsSync(join(at, ".git")) || dirname(at) === at) return false;
  }
}

function geminiReasons(folder: string): readonly string[] {
  const home = join(homedir(), ".gemini");
  if (!existsSync(home)) return [];
  const own = join(folder, hookFile("gemini"));
  const user = join(home, "settings.json");
  const off = [own, user].filter((file) => {
    const { hooksConfig: config } = settingsOf(file) ?? {};
    return (
      isSettings(config) &&
      (config.enabled === false || (Array.isArray(config.disabled) && config.disabled.includes(guardName)))
    );
  });
  const trust = geminiTrusts(home, settingsOf(user) ?? {}, folder)
    ? []
    : [`Gemini CLI does not run it: it does not trust this folder; start gemini there and trust it (/permissions)`];
  return [...off.map((file) => `Gemini CLI does not run it: hooksConfig in ${file} switches it off`), ...trust];
}

/** As Gemini CLI 0.61 decides it: of all rules that hold the folder, that with the longest path. */
function geminiTrusts(home: string, user: Settings, folder: string): boolean {
  const { security } = user;
  const setting = isSettings(security) && isSettings(security.folderTrust) ? security.folderTrust.enabled : undefined;
  if (setting === false) return true;
  const rules = settingsOf(process.env.GEMINI_CLI_TRUSTED_FOLDERS_PATH ?? join(home, "trustedFolders.json")) ?? {};
  const place = realOf(folder);
  const [rule] = Object.entries(rules)
    .filter(([path, level]) => {
      const base = realOf(level === "TRUST_PARENT" ? dirname(path) : path);
      return place === base || place.startsWith(base.endsWith("/") ? base : `${base}/`);
    })
    .sort(([a], [b]) => b.length - a.length);
  return rule !== undefined && rule[1] !== "DO_NOT_TRUST";
}

function settingsOf(file: string): Settings | undefined {
  try {
    const settings: unknown = JSON.parse(textOf(file) ?? "");
    return isSettings(settings) ? settings : undefined;
  } catch {
    return undefined;
  }
}

function textOf(file: string): string | undefined {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return undefined;
  }
}

function realOf(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return path;
  }
}
