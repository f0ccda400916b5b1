import { type Call, finding, touches } from "./call.ts";
import type { Finding } from "./classification.ts";
import { given, type Parsed, parseOptions } from "./options.ts";
import type { Operands, OptionRule, Program } from "./program.ts";
import { type Argument, textOf } from "./shell/argument.ts";

/** What a program's entry says about a call of it. */
export function judge(program: Program, call: Call): readonly Finding[] {
  const parsed = parseOptions(call.args, program.commands === undefined ? program : { ...program, strict: true });
  const around = [...optionFindings(program, call, parsed), ...disallowed(program, call, parsed)];
  const [first, ...rest] = parsed.operands;
  const word = first === undefined ? "" : textOf(first);
  const command = program.commands && subcommand(program.commands, word);
  if (command !== undefined) {
    const inner: Call = {
      ...call,
      name: `${call.name} ${word}`.trimEnd(),
      args: first === undefined ? call.args : rest,
    };
    return [...around, ...judge(command, inner), ...(program.rule?.(call, parsed) ?? [])];
  }
  return [
    finding(call, program.risk, program.effects, program.does),
    ...around,
    ...operandFindings(program.operands ?? {}, call, parsed.operands),
    ...(program.rule?.(call, parsed) ?? []),
  ];
}

function subcommand(commands: Readonly<Record<string, Program>>, name: string | undefined): Program | undefined {
  if (name === undefined) return undefined;
  return Object.entries(commands).find(([names]) => names.split(" ").includes(name))?.[1];
}

function optionFindings({ options = {} }: Program, call: Call, parsed: Parsed): readonly Finding[] {
  const rules = Object.entries(options);
  const found = rules.flatMap(([names, rule]) =>
    given(parsed, names).flatMap((option) => [
      ...(rule.risk === undefined ? [] : [finding(call, rule.risk, rule.effects ?? [], rule.does, option)]),
      ...(option.value === undefined ? [] : valueFindings(rule, call, option.value)),
    ]),
  );
  return parsed.unsure ? [...found, ...unsureFindings(rules, call)] : found;
}

/** Any argument that is not known may be the worst option; what is not known is high, whatever that option would be. */
function unsureFindings(rules: readonly (readonly [string, OptionRule])[], call: Call): readonly Finding[] {
  const harmful = rules.filter(([, rule]) => rule.risk !== undefined || (rule.value ?? "read") !== "read");
  if (harmful.length === 0) return [];
  const risk = harmful.some(([, rule]) => rule.risk === "high" || rule.risk === "critical") ? "high" : "medium";
  const does = "is given arguments that cannot be known before it runs; one may be an option";
  return [finding(call, risk, ["unknown"], does)];
}

function valueFindings({ value }: OptionRule, call: Call, argument: Argument): readonly Finding[] {
  if (value === undefined) return [];
  if (value === "program") return call.into.text(argument, call, true);
  return value === "shell" ? call.into.text(argument, call) : touches(call, value, argument);
}

function disallowed({ allowed, options = {}, valued = "" }: Program, call: Call, parsed: Parsed): readonly Finding[] {
  if (allowed === undefined) return [];
  const known = `${allowed} ${valued} ${Object.keys(options).join(" ")}`;
  const harmless = new Set(given(parsed, known));
  return parsed.options
    .filter((option) => !harmless.has(option))
    .map((option) =>
      finding(call, "high", ["unknown"], `has the option ${option.name}, of which nothing is known`, option),
    );
}

function operandFindings(
  { each, first, last }: Operands,
  call: Call,
  operands: readonly Argument[],
): readonly Finding[] {
  return operands.flatMap((operand, index) => {
    const at = index === operands.length - 1 && index > 0 ? (last ?? each) : index === 0 ? (first ?? each) : each;
    return at === undefined ? [] : touches(call, at, operand);
  });
}
