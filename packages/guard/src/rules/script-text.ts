import { type Call, finding, touches } from "../call.ts";
import type { Finding } from "../classification.ts";
import { given, has, type Parsed } from "../options.ts";
import type { Rule } from "../program.ts";
import { type Argument, textArgument, textOf } from "../shell/argument.ts";
import { quotedCommands } from "./quoted-text.ts";

const yamlReaches = /\$ENV\b|(?:^|[^.\w$"])env\b|\b(?:strenv|load\w*|eval)\s*\(|\b(?:envsubst|system)\b/;

/** `yq`: operators by which it sees more than its input, or runs programs; with -i it writes what it reads. */
export const queriesYaml: Rule = (call, parsed) => {
  const evaluates = /^(?:e|ea|eval|eval-all)$/.test(textOf(parsed.operands[0] ?? textArgument("", call)) ?? "");
  const files = parsed.operands.slice((evaluates ? 1 : 0) + (has(parsed, "--expression") ? 0 : 1));
  return [
    ...call.args
      .filter((argument) => yamlReaches.test(textOf(argument) ?? "system"))
      .map((argument) =>
        finding(call, "high", ["secret", "unknown"], "can see other files or all variables", argument),
      ),
    ...files.flatMap((file) => touches(call, has(parsed, "-i --inplace") ? "write" : "read", file)),
  ];
};

const address = String.raw`(?:\d+|\$|\/(?:[^/\\\n]|\\.)*\/I?)`;
const substitute = String.raw`s([/|#,:@%])(?:(?!\1)[^\\\n]|\\.)*\1(?:(?!\1)[^\\\n]|\\.)*\1[gpiI0-9]*`;
/** The commands of sed that neither write files nor run programs; all others are taken to do so. */
const harmlessSed = new RegExp(
  String.raw`^\s*(?:${address}(?:,[+~]?${address})?)?\s*!?\s*(?:[dpqQ=DPnNgGhHxl]|y\/[^/\\\n]*\/[^/\\\n]*\/|${substitute})\s*$`,
);

/** `sed`: its script, and with -i the files. */
export const edits: Rule = (call, parsed) => {
  const scripts = given(parsed, "-e --expression").flatMap(({ value }) => value ?? []);
  const ownScript = scripts.length === 0 && !has(parsed, "-f --file");
  const [first, ...rest] = parsed.operands;
  const files = ownScript ? rest : parsed.operands;
  const texts = ownScript && first !== undefined ? [first] : scripts;
  const unread = given(parsed, "-f --file").map((option) =>
    finding(call, "high", ["unknown"], "takes its commands from a file that was not read here", option),
  );
  return [...unread, ...texts.flatMap((text) => sedText(call, text)), ...editedFiles(call, parsed, files)];
};

function sedText(call: Call, script: Argument): readonly Finding[] {
  const text = textOf(script);
  if (text !== undefined && sedCommands(text).every((command) => command.trim() === "" || harmlessSed.test(command)))
    return [];
  return [finding(call, "high", ["unknown"], "has a script that may write files or run programs", script)];
}

/** Cut at line ends, and at semicolons when no expression can hold one. */
function sedCommands(text: string): readonly string[] {
  const commands = text.split("\n");
  return commands.every((command) => command.trim() === "" || harmlessSed.test(command))
    ? commands
    : text.split(/[;\n]/);
}

function editedFiles(call: Call, parsed: Parsed, files: readonly Argument[]): readonly Finding[] {
  const inPlace = parsed.options.some(
    ({ name }) => name === "-i" || name === "-I" || (name.length > 3 && "--in-place".startsWith(name)),
  );
  return files.flatMap((file) => touches(call, inPlace ? "write" : "read", file));
}

/**
 * What an awk program can do besides printing, anywhere in its text, in strings too: which of its quotes begin a string
 * is not ours to parse. A `>` in front of every `print` compares; behind one it may write a file.
 */
const busyAwk =
  /\b(?:system|getline|close|fflush)\b|(?<!\|)\|(?!\|)|@|\b(?:ARGV|ENVIRON|PROCINFO)\b|\bprintf?\b[\s\S]*>(?!=)/;

/** `awk`: its program. */
export const scansLines: Rule = (call, parsed) => {
  const fromFile = has(parsed, "-f --file");
  const program = fromFile ? undefined : parsed.operands[0];
  const files = parsed.operands.slice(fromFile ? 0 : 1);
  const text = program && textOf(program);
  const plain = text !== undefined && !busyAwk.test(text);
  const busy = finding(
    call,
    "high",
    ["unknown"],
    "has a program that may write files or run programs",
    program ?? call,
  );
  const hidden = program === undefined || plain ? [] : quotedCommands(program, call);
  return [...(plain ? [] : [busy]), ...hidden, ...files.flatMap((file) => touches(call, "read", file))];
};

/** `jq` and `gron`: what their program can see besides its input, and the files that come with a name of their own. */
export const queriesJson: Rule = (call, parsed) => [
  ...call.args
    .filter((argument) => /\$ENV\b|(?:^|[^.\w$"])env\b|\binput_filename\b/.test(textOf(argument) ?? ""))
    .map((argument) => finding(call, "medium", ["secret"], "can print all variables, and secrets with them", argument)),
  ...call.args
    .filter((argument) => /^(?:https?|ftp):/i.test(textOf(argument) ?? ""))
    .map((argument) => finding(call, "medium", ["network"], "asks another machine", argument)),
  ...(has(parsed, "--slurpfile --rawfile") ? call.args.flatMap((argument) => touches(call, "read", argument)) : []),
];
