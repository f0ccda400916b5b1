import { finding, touches } from "../call.ts";
import { given, has } from "../options.ts";
import type { Rule } from "../program.ts";
import { isOpen } from "../shell/argument.ts";

/** `rm`: a file, or a folder with all that is in it. */
export const removes: Rule = (call, parsed) => {
  const what = has(parsed, "-r -R --recursive") ? "erase" : "delete";
  return [
    ...parsed.operands.flatMap((operand) => touches(call, what, operand)),
    ...parsed.operands
      .filter(isOpen)
      .map((operand) =>
        finding(call, "high", ["delete", "unknown"], "deletes what cannot be known before it runs", operand),
      ),
    ...given(parsed, "--no-preserve-root").map((option) =>
      finding(call, "critical", ["delete"], "is told not to spare the root of the file system", option),
    ),
  ];
};
