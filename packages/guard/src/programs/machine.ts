import type { Program } from "../program.ts";

// What entries of the machine's own programs have in common.

export const elsewhere: NonNullable<Program["options"]> = {
  "-H --host -M --machine": { risk: "high", effects: ["live-infrastructure"], does: "works on another machine" },
};
export const tells: Program = { risk: "low", effects: ["read"], does: "tells about the machine", options: elsewhere };
