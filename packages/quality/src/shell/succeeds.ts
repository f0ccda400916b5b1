import { readCommands } from "./read-commands.ts";

/** Whether shell text ends well whatever happened: it only prints, or swallows the failure of all that it does. */
export function alwaysSucceeds(source: string): boolean {
  const commands = readCommands(source);
  if (commands === undefined || commands.length === 0) return false;
  // With `set -e` a failure in the middle counts, otherwise only that of the last command does.
  const strict = commands.some(({ words }) => words[0] === "set" && /^-\w*e/.test(words[1] ?? ""));
  const counted = strict ? commands : commands.slice(-1);
  return counted.every(({ words, forgiven }) => forgiven || isNothing(words));
}

function isNothing([program = "", first]: readonly string[]): boolean {
  if (program === "exit") return first === "0";
  return ["true", ":", "echo", "printf", "set", "sleep"].includes(program);
}
