import type { OptionRule } from "../program.ts";

// What options of many programs do.

export const readsFile: OptionRule = { does: "reads a file", value: "read" };
export const printsLines: OptionRule = { does: "prints the lines of a file", value: "read" };
export const writesFile: OptionRule = { does: "writes a file", value: "write" };
export const writesThere: OptionRule = { does: "writes there", value: "write" };
/** Which one may stand there in plain words; what it does, nobody has read. */
export const runsProgram: OptionRule = {
  risk: "high",
  effects: ["unknown"],
  does: "runs another program",
  value: "program",
};
