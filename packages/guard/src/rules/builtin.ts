import { finding } from "../call.ts";
import { has } from "../options.ts";
import type { Rule } from "../program.ts";
import { after, leadOf, textOf } from "../shell/argument.ts";
import { secretName } from "./secret-variable.ts";
import { holdsCommand, variableFindings } from "./variable.ts";

/** `export NAME=value` and its like. */
export const setsVariables: Rule = (call) =>
  call.args.flatMap((argument) => {
    const [, name] = /^([A-Za-z_]\w*)=/.exec(leadOf(argument)) ?? [];
    return name === undefined ? [] : variableFindings(name, after(argument, name.length + 1), call, argument);
  });

/** Without a name it prints every variable, and secrets come in variables. */
export const printsVariables: Rule = (call, parsed) =>
  parsed.operands.length === 0 && (parsed.options.length === 0 || has(parsed, "-p -x"))
    ? [finding(call, "medium", ["read", "secret"], "prints all variables, and secrets with them")]
    : [];

/** Text that bash takes for arithmetic can hold commands: `test -v 'x[$(rm y)]'`. */
export const hidesCommands: Rule = (call) =>
  call.args
    .filter((argument) => holdsCommand(textOf(argument) ?? ""))
    .flatMap((argument) => [
      finding(call, "high", ["unknown"], "evaluates a text that holds a command", argument),
      ...call.into.text(argument, call, true).filter(({ risk }) => risk === "critical"),
    ]);

/** `command -v name` only asks where a program is. */
export const asksWhere: Rule = (call, parsed) =>
  parsed.operands.length === 0 || has(parsed, "-v -V") ? [] : call.into.program(parsed.operands, call);

/** `printenv NAME`, `envsubst '$NAME ${NAME}'`: some names say that they are secret. */
export const printsSecret: Rule = (call) =>
  call.args
    .filter((argument) => (textOf(argument) ?? "").split(/\W+/).some((name) => secretName.test(name)))
    .map((argument) => finding(call, "medium", ["secret"], "prints a secret", argument));

/** `declare -p NAME`. */
export const printsNamed: Rule = (call, parsed) => (has(parsed, "-p") ? printsSecret(call, parsed) : []);

/** `env` with nothing to run prints what it would give. */
export const printsEnvironment: Rule = (call, parsed) =>
  parsed.operands.some((operand) => !/^[A-Za-z_]\w*=/.test(leadOf(operand))) || has(parsed, "-S --split-string")
    ? []
    : [finding(call, "medium", ["read", "secret"], "prints all variables, and secrets with them")];
