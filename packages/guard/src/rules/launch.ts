import { type Call, finding } from "../call.ts";
import type { Finding } from "../classification.ts";
import { given, has, type Parsed } from "../options.ts";
import type { Program, Rule } from "../program.ts";
import { type Argument, after, joinedArguments, leadOf, textOf, unknownArgument } from "../shell/argument.ts";
import { variableFindings } from "./variable.ts";

/** How a program that starts another one takes its arguments. */
interface Launch {
  /** Operands before the started program's name, such as the duration of `timeout`. */
  readonly skip?: number;
  /** Whether `NAME=value` may stand before the name. */
  readonly variables?: boolean;
  /** Options that are known to say nothing about what is started. */
  readonly harmless: string;
  /** Options by which the started program gets another working folder. */
  readonly folder?: string;
  readonly privileged?: boolean;
}

/** Classifies the program that is started. The entry needs `strict`, and its options with values in `valued`. */
export function launches(launch: Launch, valued: string): Rule {
  const { skip = 0, variables = false, harmless, folder = "", privileged = false } = launch;
  return (call, parsed) => {
    const inner: Call = {
      ...call,
      privileged: call.privileged || privileged,
      folders:
        folder !== "" && has(parsed, folder) ? [...call.folders, [{ kind: "unknown", open: false }]] : call.folders,
    };
    const operands = withoutNumbers(parsed.operands).slice(skip);
    const count = variables ? operands.findIndex((operand) => !isVariable(operand)) : 0;
    const set = operands.slice(0, count < 0 ? operands.length : count);
    const words = count < 0 ? [] : operands.slice(count);
    const started = into(words, { ...inner, unsettled: inner.unsettled || set.length > 0 });
    return [
      ...set.flatMap((argument) => variableArgument(argument, call)),
      ...started,
      ...doubtful(parsed, `${harmless} ${valued}`, inner),
    ];
  };
}

function into(words: readonly Argument[], call: Call): readonly Finding[] {
  return words.length === 0 ? [] : call.into.program(words, call);
}

/** An option that is not known may take a value: then the program starts one word later than it seems. */
function doubtful(parsed: Parsed, known: string, call: Call): readonly Finding[] {
  const listed = new Set(given(parsed, known));
  return parsed.options.every((option) => listed.has(option)) ? [] : call.into.hidden(parsed.operands, call);
}

/** `nice -5` and `env -` have options that look like operands. */
function withoutNumbers(operands: readonly Argument[]): readonly Argument[] {
  const first = operands.findIndex((operand) => !/^-\d*$/.test(textOf(operand) ?? ""));
  return first < 0 ? [] : operands.slice(first);
}

function isVariable(argument: Argument): boolean {
  return /^[A-Za-z_]\w*=/.test(leadOf(argument));
}

function variableArgument(argument: Argument, call: Call): readonly Finding[] {
  const name = leadOf(argument).replace(/=.*$/s, "");
  return variableFindings(name, after(argument, name.length + 1), call, argument);
}

/** Classifies the program that is started with further arguments, of which nothing is known. */
export const perLine: Rule = (call, parsed) => {
  const [replaced] = given(parsed, "-I -i -J --replace");
  const mark = (replaced?.value && textOf(replaced.value)) || "{}";
  const words = parsed.operands.map((operand) =>
    replaced !== undefined && shownText(operand).includes(mark) ? unknownArgument(operand, false) : operand,
  );
  if (words.length === 0) return [];
  const more = replaced === undefined ? [unknownArgument(call, true)] : [];
  return call.into.program([...words, ...more], { ...call, input: { kind: "terminal" } });
};

function shownText({ parts }: Argument): string {
  return parts.map((part) => ("text" in part ? part.text : "")).join("");
}

/** Its arguments together are shell text. */
export const shellText: Rule = (call, parsed) =>
  parsed.operands.length === 0 ? [] : call.into.text(joinedArguments(parsed.operands), call);

/** Only its first argument is shell text; `-` and nothing stand for none. */
export const firstIsShellText: Rule = (call, { operands: [first] }) =>
  first === undefined || /^-?$/.test(textOf(first) ?? "?") ? [] : call.into.text(first, call);

/** `mapfile -C`: shell text, to which the number and the text of each line are added as arguments. */
export const callsBack: Rule = (call, parsed) =>
  given(parsed, "-C").flatMap(({ value }) =>
    value === undefined ? [] : call.into.text(joinedArguments([value, unknownArgument(value, true)]), call),
  );

/**
 * The text of a remote command, or what its shell is sent. Another machine's shell may read what ours cannot, so this
 * only adds what is understood.
 */
export function remoteText(skip: number): Rule {
  return (call, { operands }) => {
    const rest = operands.slice(skip);
    if (rest.length > 0) return call.into.text(joinedArguments(rest), call, true);
    return call.input.kind === "terminal" ? [] : call.into.input(call);
  };
}

/** Starts a program elsewhere, such as in a container: behind `skip` operands, or behind `--`. */
export function startsElsewhere(skip: number): Rule {
  return (call, { operands }) => {
    const dashes = call.args.findIndex((argument) => textOf(argument) === "--");
    const words = dashes < 0 ? operands.slice(skip) : call.args.slice(dashes + 1);
    return words.length === 0 ? [] : call.into.program(words, call);
  };
}

/** Whatever stands among its arguments may be started. */
export const startsAnything: Rule = (call) => call.into.hidden(call.args, call);

/** Becoming root without a command is a shell as root. */
export const rootShell: Rule = (call, parsed) =>
  parsed.operands.length > 0 || has(parsed, "-l --list -v --validate -k -K --version --help")
    ? []
    : [finding(call, "critical", ["privilege", "unknown"], "opens a shell with the rights of another user")];

/** An entry for a program that only changes how another one runs. */
export function launcher(
  does: string,
  launch: Launch,
  valued: string,
  examples: NonNullable<Program["examples"]>,
  options: NonNullable<Program["options"]> = {},
) {
  return {
    risk: "low",
    effects: [],
    does,
    strict: true,
    valued,
    options,
    rule: launches(launch, valued),
    examples,
  } as const;
}

/** With the number of a process, it changes how one runs that is there already. */
export function withProcess<P extends Program>(program: P) {
  return {
    ...program,
    options: { "-p --pid -P -u": { risk: "high", effects: ["service"], does: "changes how another program runs" } },
  } as const;
}
