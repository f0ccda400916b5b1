import type { Risk } from "@memomesh/core";
import { finding } from "../call.ts";
import type { Effect } from "../classification.ts";
import { given } from "../options.ts";
import type { Rule } from "../program.ts";
import { leadOf, textOf } from "../shell/argument.ts";

/**
 * For programs that only look with certain options: with anything else, or without any of them, it is as bad as said.
 *
 * @param beside options that change nothing about that
 */
export function onlyLooksWith(
  options: string,
  risk: Risk,
  effects: readonly Effect[],
  does: string,
  beside = "",
): Rule {
  return (call, parsed) => {
    const known = new Set([...given(parsed, options), ...given(parsed, beside)]);
    const numbers = parsed.operands.some((operand) => leadOf(operand).startsWith("-"));
    const only =
      given(parsed, options).length > 0 && known.size === parsed.options.length && !numbers && !parsed.unsure;
    return only ? [] : [finding(call, risk, effects, does)];
  };
}

/** For programs that only look unless they are given options that nobody has looked at. */
export function looksUnlessWithMore(options: string, risk: Risk, effects: readonly Effect[], does: string): Rule {
  return (call, parsed) =>
    !parsed.unsure && given(parsed, options).length === parsed.options.length
      ? []
      : [finding(call, risk, effects, does)];
}

/** For programs that are told a name first and what is wanted of it behind: `service nginx status`. */
export function onlyLooksFor(words: string, risk: Risk, effects: readonly Effect[], does: string): Rule {
  const harmless = words.split(" ");
  return (call, { operands: [, wanted, ...more], options }) => {
    const only = wanted !== undefined && more.length === 0 && options.length === 0;
    return only && harmless.includes(textOf(wanted) ?? "") ? [] : [finding(call, risk, effects, does)];
  };
}
