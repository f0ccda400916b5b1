import { touches } from "../call.ts";
import { has } from "../options.ts";
import type { Rule } from "../program.ts";

/** `install -d`: every operand is a folder to be made. */
export const makesFolders: Rule = (call, parsed) =>
  has(parsed, "-d --directory") ? parsed.operands.flatMap((folder) => touches(call, "write", folder)) : [];
