import { type Call, finding, touches } from "../call.ts";
import type { Finding } from "../classification.ts";
import { given, has } from "../options.ts";
import type { Rule } from "../program.ts";
import { type Argument, after, leadOf, shown, textArgument, textOf } from "../shell/argument.ts";

/** Settings of git whose value is a program, or where programs are found. */
const running =
  /^(?:alias\.|core\.(?:pager|editor|sshcommand|fsmonitor|hookspath|gitproxy|askpass|attributesfile|worktree)|pager\.|diff\.(?:external|.*\.(?:command|textconv))|merge\..*\.driver|filter\.|credential\.|difftool\.|mergetool\.|gpg\.|sequence\.editor|ssh\.|protocol\.|url\.|include(?:if)?\.|uploadpack\.|remote\..*\.(?:uploadpack|receivepack|vcs|proxy)|http\.|submodule\.|init\.templatedir|interactive\.difffilter|browser\.|man\.|web\.|help\.|sendemail\.|trailer\.|receive\.|extensions\.)/i;

/** `git -c name=value`: settings for one call. */
export const gitSettings: Rule = (call, parsed) => {
  const settings = given(parsed, "-c --config-env").flatMap(({ value }) => value ?? []);
  return settings.flatMap((setting) => settingFindings(call, setting));
};

function settingFindings(call: Call, setting: Argument): readonly Finding[] {
  const lead = leadOf(setting);
  if (lead.includes("=") && !running.test(lead))
    return [finding(call, "low", ["read"], "has a setting for this call", setting)];
  const [name = "", value = ""] = lead.split(/=(.*)/s);
  const command =
    /^alias\./i.test(name) && value.startsWith("!")
      ? after(setting, name.length + 2)
      : after(setting, Math.min(lead.length, name.length + 1));
  return [
    finding(call, "high", ["unknown"], `is told by ${shown(setting)} to run another program`, setting),
    ...call.into.text(command, call, true),
  ];
}

/** `git config`: reading is harmless, and some names are not. */
export const gitConfigures: Rule = (call, parsed) => {
  if (
    has(parsed, "--get --get-all --get-regexp --get-urlmatch -l --list --show-origin") ||
    /^(?:get|list)$/.test(textOf(call.args[0] ?? textArgument("", call)) ?? "")
  ) {
    return [finding(call, "low", ["read"], "reads its settings")];
  }
  const [name, ...values] = parsed.operands.filter((operand) => textOf(operand) !== "set");
  if (name === undefined) return [finding(call, "high", ["write"], "changes its settings")];
  if (
    values.length === 0 &&
    !has(parsed, "--unset --unset-all --remove-section --rename-section -e --edit --add --replace-all")
  ) {
    return [finding(call, "low", ["read"], "reads its settings")];
  }
  const wide = has(parsed, "--global --system -f --file") || running.test(leadOf(name)) || leadOf(name) === "";
  return [
    finding(
      call,
      wide ? "high" : "medium",
      wide ? ["write", "unknown"] : ["write"],
      `changes the setting ${shown(name)}`,
      name,
    ),
  ];
};

/** Words behind a subcommand that name new things: with any of them, `git branch` and `git tag` change something. */
export const gitNames: Rule = (call, parsed) => {
  const deletes = given(parsed, "-d -D --delete -f --force -m -M --move");
  if (deletes.length > 0)
    return deletes.map((option) => finding(call, "high", ["git-history"], "removes or moves a name", option));
  const lists =
    parsed.options.length > 0 &&
    has(
      parsed,
      "-l --list -a --all -r --remotes -v -vv --contains --merged --no-merged --points-at --show-current -n --sort --format --verify",
    );
  return parsed.operands.length > 0 && !lists ? [finding(call, "medium", ["git-history"], "adds a name")] : [];
};

/** Addresses of another repository that run programs: `ext::sh -c …`, `--upload-pack`. */
export const gitReaches: Rule = (call, parsed) => [
  ...parsed.operands
    .filter((operand) => /^(?:ext|fd)::/.test(leadOf(operand)) || leadOf(operand).startsWith("-"))
    .map((operand) =>
      finding(call, "critical", ["unknown"], `runs a program by the address ${shown(operand)}`, operand),
    ),
];

/** `git diff --no-index` prints any two files. */
export const comparesAny: Rule = (call, parsed) =>
  has(parsed, "--no-index") ? parsed.operands.flatMap((file) => touches(call, "read", file)) : [];

/** What is printed of files now or as they were: `git show HEAD:.env`. @param skip operands before them, such as a pattern */
export function showsFiles(skip: number): Rule {
  return (call, parsed) => {
    const operands = parsed.operands.slice(has(parsed, "-e -f") ? 0 : skip);
    return operands
      .filter((operand) => leadOf(operand) !== "")
      .map((operand) => after(operand, leadOf(operand).lastIndexOf(":") + 1))
      .flatMap((file) => touches(call, "read", file));
  };
}
