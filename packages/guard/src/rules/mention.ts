import type { Risk } from "@memomesh/core";
import { finding } from "../call.ts";
import type { Effect } from "../classification.ts";
import type { Rule } from "../program.ts";
import { textOf } from "../shell/argument.ts";

/** A word among the arguments that makes it worse, wherever it stands. */
export function mentions(words: RegExp, risk: Risk, effects: readonly Effect[], does: string): Rule {
  return (call) =>
    call.args
      .filter((argument) => words.test(textOf(argument) ?? ""))
      .map((argument) => finding(call, risk, effects, does, argument));
}

/** For programs that may be asked for most things, but not for all: what is asked for has to be known. */
export const asksUnknown: Rule = (call) =>
  call.args
    .filter((argument) => textOf(argument) === undefined)
    .map((argument) =>
      finding(call, "high", ["unknown"], "is asked for what cannot be known before it runs", argument),
    );
