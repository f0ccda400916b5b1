import type { Risk } from "@memomesh/core";
import { finding } from "../call.ts";
import type { Effect } from "../classification.ts";
import { given } from "../options.ts";
import type { Rule } from "../program.ts";
import { leadOf } from "../shell/argument.ts";

/** For programs that only look with certain options: with anything else, or without any of them, it is as bad as said. */
export function onlyLooksWith(options: string, risk: Risk, effects: readonly Effect[], does: string): Rule {
  return (call, parsed) => {
    const looking = given(parsed, options);
    const numbers = parsed.operands.some((operand) => leadOf(operand).startsWith("-"));
    const only = looking.length > 0 && looking.length === parsed.options.length && !numbers && !parsed.unsure;
    return only ? [] : [finding(call, risk, effects, does)];
  };
}
