import type { Command } from "commander";
import { examplesOf } from "./help.ts";
import { createOutput } from "./output.ts";
import { createWholeProgram } from "./program.ts";

/** The command reference in Markdown, made from the commands themselves. */
export async function commandReference(): Promise<string> {
  const program = await createWholeProgram({ output: createOutput({ json: false }), exit: () => {} });
  const commands = leaves(program);
  return [
    "# Commands",
    "",
    "Made from the commands by `npm run docs`; `memomesh help <command>` shows the same. Every command works from any folder",
    "of a mesh, takes `--json`, respects `NO_COLOR` and ends with one of these codes:",
    "",
    ...exitCodes,
    "",
    "| command | what it does |",
    "|---|---|",
    ...commands.map((command) => `| [\`${callOf(command)}\`](#${anchor(command)}) | ${command.description()} |`),
    ...commands.flatMap(entry),
    "",
  ].join("\n");
}

const exitCodes = [
  "| code | meaning |",
  "|---|---|",
  "| 0 | done |",
  "| 1 | a check failed, or nothing was done because the person wanted nothing |",
  "| 2 | the command was called in a wrong way |",
  "| 65 | a file cannot be used; the message says which line and what is expected |",
  "| 70 | a bug of Memomesh |",
  "| 75 | not now: somebody else is at it, or a person has to decide first |",
  "| 77 | not permitted |",
  "| 130 | ended with Ctrl-C |",
];

function leaves(command: Command): Command[] {
  const children = command.commands.filter((child) => child.name() !== "help");
  return children.length === 0 ? [command] : children.flatMap(leaves);
}

function entry(command: Command): string[] {
  const help = command.createHelp();
  const usage = `${callOf(command)} ${command.usage()}`.trim();
  const terms = [
    ...help
      .visibleArguments(command)
      .map((argument) => [help.argumentTerm(argument), help.argumentDescription(argument)] as const),
    ...help.visibleOptions(command).map((option) => [help.optionTerm(option), help.optionDescription(option)] as const),
  ];
  const examples = examplesOf(command);
  return [
    "",
    `## ${callOf(command)}`,
    "",
    `${sentence(command.description())}`,
    "",
    "```",
    usage,
    "```",
    "",
    "| | |",
    "|---|---|",
    ...terms.map(([term, says]) => `| \`${term.replaceAll("|", "\\|")}\` | ${says.replaceAll("|", "\\|")} |`),
    ...(examples.length === 0 ? [] : ["", "```sh", ...examples.flatMap(([call, does]) => [`# ${does}`, call]), "```"]),
  ];
}

function callOf(command: Command): string {
  const parent = command.parent === null ? "" : `${callOf(command.parent)} `;
  return parent + command.name();
}

function anchor(command: Command): string {
  return callOf(command).replaceAll(" ", "-");
}

function sentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
}
