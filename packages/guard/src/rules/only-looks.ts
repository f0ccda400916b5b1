import { finding } from "../call.ts";
import { given } from "../options.ts";
import type { Program, Rule } from "../program.ts";
import { leadOf, textOf } from "../shell/argument.ts";

/** How bad something is, and what it does. */
type Worth = Pick<Program, "risk" | "effects" | "does">;

/**
 * For programs that only look with certain options: with anything else, or without any of them, it is as bad as said.
 *
 * @param beside options that change nothing about that
 */
export function onlyLooksWith(options: string, otherwise: Worth, beside = ""): Rule {
  return (call, parsed) => {
    const known = new Set([...given(parsed, options), ...given(parsed, beside)]);
    const numbers = parsed.operands.some((operand) => leadOf(operand).startsWith("-"));
    const only =
      given(parsed, options).length > 0 && known.size === parsed.options.length && !numbers && !parsed.unsure;
    return only ? [] : [finding(call, otherwise.risk, otherwise.effects, otherwise.does)];
  };
}

/** For programs that only look unless they are given options that nobody has looked at. */
export function looksUnlessWithMore(options: string, otherwise: Worth): Rule {
  return (call, parsed) =>
    !parsed.unsure && given(parsed, options).length === parsed.options.length
      ? []
      : [finding(call, otherwise.risk, otherwise.effects, otherwise.does)];
}

/** For programs that are told a name first and what is wanted of it behind: `service nginx status`. */
export function onlyLooksFor(words: string, otherwise: Worth): Rule {
  const harmless = words.split(" ");
  return (call, { operands: [, wanted, ...more], options }) => {
    const only = wanted !== undefined && more.length === 0 && options.length === 0;
    return only && harmless.includes(textOf(wanted) ?? "")
      ? []
      : [finding(call, otherwise.risk, otherwise.effects, otherwise.does)];
  };
}
