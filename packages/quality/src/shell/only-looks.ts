import { type Classification, classifyCommand, type Effect } from "@memomesh/guard";
import { type Called, calledBy, operandsOf } from "./called.ts";
import { readCommands, type ShellCommand } from "./read-commands.ts";

/** Options of these programs that take the next argument as their value. */
const valued = ["-f", "--file", "-n", "--namespace", "-p", "--project-name", "--context", "--env-file", "-H", "-o"];

/** Subcommands that only look, by program. A space: the second word counts too. */
const looking: Readonly<Record<string, RegExp>> = {
  docker:
    /^(?:ps|logs|inspect|images|version|info|top|port|stats|compose (?:ps|logs|config|images|top|port|ls|version)|(?:container|image|network|volume) (?:ls|inspect))(?: |$)/,
  "docker-compose": /^(?:ps|logs|config|images|top|port|version)(?: |$)/,
  podman: /^(?:ps|logs|inspect|images|version|info|top|port)(?: |$)/,
  kubectl:
    /^(?:get|describe|logs|top|diff|explain|version|cluster-info|wait|auth can-i|rollout (?:status|history))(?: |$)/,
  helm: /^(?:list|ls|status|get|history|template|lint|show|diff)(?: |$)/,
  terraform: /^(?:plan|validate|show|output|fmt|version)(?: |$)/,
};

/** Effects after which something may not be as it was. */
const changing: readonly Effect[] = [
  "write",
  "delete",
  "service",
  "privilege",
  "live-infrastructure",
  "git-history",
  "unknown",
];

/** Whether shell text may change anything: what the guard says, except for subcommands that only look at live systems. */
export function changesAnything(source: string): boolean {
  if (!changes(classifyCommand(source))) return false;
  const commands = readCommands(source);
  return commands === undefined || commands.some(commandChanges);
}

function commandChanges(command: ShellCommand): boolean {
  if (command.writes.some(({ file }) => !file.startsWith("/dev/"))) return true;
  return !onlyLooks(calledBy(command)) && changes(classifyCommand(command.text));
}

/** Reading a database is no change of it; the guard calls that a medium risk, and anything else a higher one. */
function changes({ effects, risk }: Classification): boolean {
  return effects.some((effect) => changing.includes(effect)) || (effects.includes("data") && risk !== "medium");
}

function onlyLooks(called: Called): boolean {
  if (called.program === "ansible-playbook") {
    return called.args.some((arg) => ["--check", "-C", "--syntax-check", "--list-tasks"].includes(arg));
  }
  return looking[called.program]?.test(operandsOf(called, valued).slice(0, 2).join(" ")) ?? false;
}
