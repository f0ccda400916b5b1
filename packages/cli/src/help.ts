import type { Command } from "commander";

/** A call of a command, and what it does. */
export type Example = readonly [call: string, does: string];

const known = new WeakMap<Command, readonly Example[]>();

/** Shows examples below a command's help, and keeps them for docs/commands.md. */
export function withExamples(command: Command, examples: readonly Example[]): Command {
  known.set(command, examples);
  const width = Math.max(...examples.map(([call]) => call.length));
  const lines = examples.map(([call, does]) => `  ${call.padEnd(width)}  # ${does}`);
  return command.addHelpText("after", `\n${examples.length === 1 ? "Example" : "Examples"}:\n${lines.join("\n")}`);
}

export function examplesOf(command: Command): readonly Example[] {
  return known.get(command) ?? [];
}
