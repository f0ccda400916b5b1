import type { Risk } from "@memomesh/core";
import { finding, touches } from "../call.ts";
import type { Effect } from "../classification.ts";
import type { Rule } from "../program.ts";
import { after, leadOf } from "../shell/argument.ts";

/** `dd`: what it reads and writes is in `if=` and `of=`. */
export const writesBlocks: Rule = (call) =>
  call.args.flatMap((argument) => {
    const lead = leadOf(argument);
    if (lead.startsWith("if=")) return touches(call, "read", after(argument, 3));
    if (lead.startsWith("of=")) {
      const target = after(argument, 3);
      const unknown = target.parts.some((part) => part.kind === "unknown");
      return unknown
        ? [finding(call, "critical", ["write", "data"], "writes over what cannot be known before it runs", argument)]
        : touches(call, "write", target);
    }
    return lead === "" && argument.parts.length > 0 && argument.parts[0]?.kind === "unknown"
      ? [
          finding(
            call,
            "critical",
            ["write", "data", "unknown"],
            "is given arguments that cannot be known before it runs",
            argument,
          ),
        ]
      : [];
  });

/** A program that only tells something without arguments. */
export function perOperand(risk: Risk, effects: readonly Effect[], does: string): Rule {
  return (call) => (call.args.length === 0 ? [] : [finding(call, risk, effects, does)]);
}
