import { guardLine, tellingLine } from "./hook-line.ts";
import type { Vendor } from "./vendor.ts";

/** The hooks of one program: for each of its events, the entries that the mesh wants there. */
export type HookEntries = Readonly<Record<string, HookEntry>>;

export interface HookEntry {
  readonly matcher?: string;
  readonly hooks: readonly Readonly<Record<string, unknown>>[];
}

interface Form {
  /** Where a project keeps its hooks, relative to its folder. */
  readonly file: string;
  readonly before: string;
  readonly start: string;
  readonly stop: string;
  /** A second in the vendor's own unit. */
  readonly unit: number;
  /** Whether the program can be told itself that a hook which fails stops the tool. */
  readonly failsClosed: boolean;
  /** Whether a hook has a name, which the program shows instead of the whole line. */
  readonly named: boolean;
}

// As seen in Claude Code 2.1.329, Codex 0.169 and Gemini CLI 0.61. All take "*" for every tool.
const forms: Readonly<Record<Vendor, Form>> = {
  claude: {
    file: ".claude/settings.json",
    ...{ before: "PreToolUse", start: "SessionStart", stop: "Stop" },
    unit: 1,
    failsClosed: true,
    named: false,
  },
  codex: {
    file: ".codex/hooks.json",
    ...{ before: "PreToolUse", start: "SessionStart", stop: "Stop" },
    unit: 1,
    failsClosed: false,
    named: false,
  },
  gemini: {
    file: ".gemini/settings.json",
    ...{ before: "BeforeTool", start: "SessionStart", stop: "AfterAgent" },
    unit: 1000,
    failsClosed: false,
    named: true,
  },
};

/** Longer than the hook's own patience, so that it is the hook that decides what a delay means. */
const vendorPatience = 15;

/** The guard's hook by the name that is shown and switched off, where hooks have names. */
export const guardName = "memomesh-guard";

export function hookFile(vendor: Vendor): string {
  return forms[vendor].file;
}

/** The event before a tool is used, and those around a session. */
export function hookEvents(vendor: Vendor): Pick<Form, "before" | "start" | "stop"> {
  return forms[vendor];
}

/**
 * The hooks of a node for one program.
 *
 * @param program the command line that starts memomesh
 * @param where options that say which node it is
 */
export function hookEntries(vendor: Vendor, program: readonly string[], where: readonly string[]): HookEntries {
  const { before, start, stop, unit, failsClosed, named } = forms[vendor];
  const entry = (name: string, command: string, more: object = {}) => ({
    hooks: [{ ...(named ? { name } : {}), type: "command", command, timeout: vendorPatience * unit, ...more }],
  });
  const guard = entry(
    guardName,
    guardLine(program, hookArguments(vendor, where)),
    failsClosed ? { onFailure: "block" } : {},
  );
  const told = (event: "start" | "stop") =>
    entry(`memomesh-${event}`, tellingLine(program, ["hooks", "session", event, ...where]));
  return { [before]: { matcher: "*", ...guard }, [start]: told("start"), [stop]: told("stop") };
}

/** What the guard's hook gives to memomesh. @param where as in {@link hookEntries} */
export function hookArguments(vendor: Vendor, where: readonly string[]): readonly string[] {
  return ["guard", "hook", "--for", vendor, ...where];
}

/** Whether a hook of a settings file is one of ours, whoever has installed it. */
export function isMeshHook(hook: unknown): boolean {
  const command = typeof hook === "object" && hook !== null && "command" in hook ? hook.command : undefined;
  return typeof command === "string" && / (?:guard hook --for|hooks session (?:start|stop)) /.test(command);
}
