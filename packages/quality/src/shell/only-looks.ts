import { type Classification, classifyCommand, type Effect, type OwnPrograms } from "@memomesh/guard";
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
  certbot: /^certificates$/,
  openssl: /^(?:s_client|verify|version|x509)(?: |$)/,
  terraform: /^(?:plan|validate|show|output|fmt|version)(?: |$)/,
};

/** What a command that asks may have to do with. Having nothing to do with anything that is known is no looking. */
const asking: ReadonlySet<Effect> = new Set(["read", "network", "data", "live-infrastructure"]);

/**
 * Whether shell text may change anything: what the guard says, except for subcommands that only look at live systems. What
 * is not certain counts as a change.
 *
 * @param own what mesh.yml tells the guard about programs; it counts for more than what is known here
 */
export function changesAnything(source: string, own: OwnPrograms = {}): boolean {
  const commands = readCommands(source) ?? [];
  const isOwn = (command: ShellCommand) => Object.hasOwn(own, calledBy(command).program);
  if (commands.some((command) => !isOwn(command) && sends(calledBy(command)))) return true;
  if (looks(classifyCommand(source, own))) return false;
  // Each command by itself, since some of those that the guard takes for more are known to look only.
  const known = commands.filter(
    (command) => !isOwn(command) && !runsInside.test(command.text) && onlyLooks(calledBy(command)),
  );
  return known.length === 0 || commands.some((command) => commandChanges(command, known.includes(command), own));
}

/** Where another command's output is put in, that one decides. */
const runsInside = /\$\(|`|[<>]\(/;

function commandChanges(command: ShellCommand, isKnown: boolean, own: OwnPrograms): boolean {
  if (command.writes.some(({ file }) => !file.startsWith("/dev/"))) return true;
  return !isKnown && !looks(classifyCommand(command.text, own));
}

/**
 * Whether the guard is sure that something only looks. Of medium risk are what asks other machines, and reading a database;
 * a medium risk without a word about what it touches says nothing.
 */
function looks({ effects, risk }: Classification): boolean {
  if (risk === "low") return effects.every((effect) => effect === "read" || effect === "network");
  if (risk !== "medium" || effects.length === 0 || !effects.every((effect) => asking.has(effect))) return false;
  return !effects.includes("live-infrastructure") || effects.includes("read");
}

/** Options by which a request brings something along. What an address does with it nobody here knows. */
const bringing: Readonly<Record<string, RegExp>> = {
  curl: /^(?:-[a-zA-Z]*[dFT]|--(?:data|form|json|upload)\b)/,
  wget: /^--(?:post|body)\b/,
};

/** Whether a program that asks over the network sends something that the other side may keep. */
function sends({ program, args }: Called): boolean {
  const bringsAlong = bringing[program];
  if (bringsAlong === undefined) return false;
  const method = args.findIndex((arg) => /^(?:-[a-zA-Z]*X|--request|--method)/.test(arg));
  const told = method === -1 ? "GET" : `${args[method]} ${args[method + 1] ?? ""}`;
  const asQuery = program === "curl" && args.some((arg) => /^(?:-[a-zA-Z]*G|--get)$/.test(arg));
  return !/\bX?(?:GET|HEAD|OPTIONS)\b/.test(told) || (!asQuery && args.some((arg) => bringsAlong.test(arg)));
}

function onlyLooks(called: Called): boolean {
  if (called.program === "ansible-playbook") {
    return called.args.some((arg) => ["--check", "-C", "--syntax-check", "--list-tasks"].includes(arg));
  }
  if (called.program === "openssl" && called.args.some((arg) => /^-(?:out|keyout|signkey|CAcreateserial)/.test(arg))) {
    return false;
  }
  return looking[called.program]?.test(operandsOf(called, valued).slice(0, 2).join(" ")) ?? false;
}
