import type { Rule } from "../program.ts";

/** Several rules for one program. */
export function every(...rules: readonly Rule[]): Rule {
  return (call, parsed) => rules.flatMap((rule) => rule(call, parsed));
}
