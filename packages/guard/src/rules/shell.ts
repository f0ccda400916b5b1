import { type Call, finding } from "../call.ts";
import type { Finding } from "../classification.ts";
import { given, has, type Parsed } from "../options.ts";
import type { Rule } from "../program.ts";
import { type Argument, shown, textOf } from "../shell/argument.ts";
import { quotedCommands } from "./quoted-text.ts";

/** `sh`, `bash` and their like: the text behind -c, a script, or standard input. */
export const runsShellText: Rule = (call, parsed) => {
  const operands = parsed.operands.filter((operand) => !/^\+[a-zA-Z]+$/.test(textOf(operand) ?? ""));
  const [first] = operands;
  if (has(parsed, "-c")) return first === undefined ? [] : call.into.text(first, call);
  // With -n nothing runs; the shell only reads.
  if (has(parsed, "-n") && parsed.options.every(({ name }) => name === "-n") && first !== undefined) return [];
  if (first === undefined || has(parsed, "-s")) return call.into.input(call);
  return runsFile(call, first);
};

/** `source file`: text that was not read runs in this shell. */
export const sources: Rule = (call, { operands: [first] }) => (first === undefined ? [] : runsFile(call, first));

function runsFile(call: Call, file: Argument): readonly Finding[] {
  const from = file.parts.find((part) => part.kind === "unknown")?.from;
  const origin = from === undefined ? "other" : call.into.origin(from);
  if (origin !== "other")
    return [
      finding(call, "critical", ["network", "unknown"], "runs what comes from elsewhere and nobody has read", file),
    ];
  return [finding(call, "high", ["unknown"], `runs ${shown(file)}, which was not read here`, file)];
}

/** An interpreter of another language: its code is not read, only what looks like shell text in it. */
export const runsCode: Rule = (call, parsed: Parsed) => {
  const code = given(parsed, "-c -e -E -r -p --eval --print").flatMap(({ value }) => value ?? []);
  const [first] = parsed.operands;
  const asked = first === undefined || textOf(first) === "-";
  const reads = asked && code.length === 0 && call.input.kind !== "terminal";
  const file = code.length === 0 && !asked ? first : undefined;
  return [
    ...code.flatMap((text) => quotedCommands(text, call)),
    ...(reads ? call.into.input({ ...call, input: foreign(call) }) : []),
    ...(file ? runsFile(call, file) : []),
  ];
};

/** Code of another language is no shell text, even when it is known. */
function foreign(call: Call): Call["input"] {
  return call.input.kind === "text" ? { kind: "file" } : call.input;
}
