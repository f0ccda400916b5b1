import { touches } from "../call.ts";
import { has } from "../options.ts";
import type { Rule } from "../program.ts";

/** Programs whose first operand is a pattern, unless an option has given it already; all others are files. */
export function searches(options: string): Rule {
  return (call, parsed) =>
    parsed.operands.slice(has(parsed, options) ? 0 : 1).flatMap((file) => touches(call, "read", file));
}
