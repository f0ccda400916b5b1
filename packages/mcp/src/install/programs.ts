import { withJsonEntry } from "./json-entry.ts";
import { withTomlTable } from "./toml-table.ts";

export const programNames = ["claude", "codex", "gemini", "vscode", "cursor"] as const;
export type ProgramName = (typeof programNames)[number];

/** The command line that starts the server: program and arguments. */
export type Launch = readonly [program: string, ...args: string[]];

/** A program that can start the server by itself, and where a project tells it to. */
interface Program {
  readonly title: string;
  /** Relative to the node's folder. */
  readonly file: string;
  /** What a person has to know besides. */
  readonly note?: string;
  /** The file's new text; undefined stands for no file. */
  with(source: string | undefined, file: string, launch: Launch): string;
}

const key = "memomesh";

/** @see design/outside-programs.md, section 2, for what was seen of each */
export const programs: Readonly<Record<ProgramName, Program>> = {
  claude: {
    title: "Claude Code",
    file: ".mcp.json",
    note: "Claude Code asks once whether this project's servers may be used.",
    with: (source, file, [command, ...args]) =>
      withJsonEntry(source, file, ["mcpServers", key], { type: "stdio", command, args }),
  },
  codex: {
    title: "Codex",
    file: ".codex/config.toml",
    note: 'Codex reads it only in a folder that it trusts: answer its question once, or set trust_level = "trusted" for the folder in ~/.codex/config.toml.',
    with: (source, file, [command, ...args]) =>
      withTomlTable(source, file, `mcp_servers.${key}`, {
        command: JSON.stringify(command),
        args: `[${args.map((arg) => JSON.stringify(arg)).join(", ")}]`,
      }),
  },
  gemini: {
    title: "Gemini CLI",
    file: ".gemini/settings.json",
    note: "Gemini CLI reads it only in a folder that it trusts; --skip-trust leaves it out.",
    with: (source, file, [command, ...args]) => withJsonEntry(source, file, ["mcpServers", key], { command, args }),
  },
  vscode: {
    title: "VS Code",
    file: ".vscode/mcp.json",
    with: (source, file, [command, ...args]) =>
      withJsonEntry(source, file, ["servers", key], { type: "stdio", command, args }),
  },
  cursor: {
    title: "Cursor",
    file: ".cursor/mcp.json",
    with: (source, file, [command, ...args]) => withJsonEntry(source, file, ["mcpServers", key], { command, args }),
  },
};
