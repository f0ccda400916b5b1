import { readCommands, type ShellCommand } from "./read-commands.ts";

/** Whether the shell text of a step ends well whatever happened. Steps run with `set -eu -o pipefail`. */
export function alwaysSucceeds(source: string): boolean {
  return all(source, (command) => command.forgiven || isNothing(command));
}

/** Whether shell text does nothing but print and wait. */
export function doesNothing(source: string): boolean {
  return all(source, isNothing);
}

function all(source: string, holds: (command: ShellCommand) => boolean): boolean {
  const commands = readCommands(source) ?? [];
  return commands.length > 0 && commands.every(holds);
}

function isNothing({ words: [program = "", first], writes }: ShellCommand): boolean {
  if (writes.some(({ file }) => !file.startsWith("/dev/"))) return false;
  if (program === "exit") return first === undefined || first === "0";
  return ["true", ":", "echo", "printf", "set", "sleep"].includes(program);
}
