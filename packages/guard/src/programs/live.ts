import type { OptionRule, Program } from "../program.ts";
import { every } from "../rules/every.ts";
import { asksUnknown, mentions } from "../rules/mention.ts";

// What entries of programs that reach what other people use have in common.

export const live = {
  risk: "high",
  effects: ["live-infrastructure"],
  does: "acts on live infrastructure",
} as const satisfies Program;

/** It talks to live infrastructure and leaves it as it is: what a preview does. */
export const asks = {
  risk: "medium",
  effects: ["read", "live-infrastructure"],
  does: "asks live infrastructure what would change",
} as const satisfies Program;

/** It tells what is there; what it tells may hold what nobody meant to show. */
export const tells = {
  risk: "medium",
  effects: ["read", "live-infrastructure"],
  does: "asks live infrastructure what is there",
  rule: every(mentions(/(?:^|[,/.])secrets?(?:$|[,/.])/i, "high", ["secret"], "asks for secrets"), asksUnknown),
} as const satisfies Program;

/** The same of what is known to hold secrets, such as the variables of a container. */
export const tellsSettings = {
  ...tells,
  effects: ["read", "live-infrastructure", "secret"],
} as const satisfies Program;

export const otherRights: OptionRule = {
  risk: "high",
  effects: ["secret", "unknown"],
  does: "takes other rights, or starts what a file names",
};

/** What it says of itself; what it does about that a rule says. */
export const described = { risk: "low", effects: ["read"], does: "reads what is described" } as const satisfies Program;

export const destroys: Program = {
  risk: "critical",
  effects: ["live-infrastructure", "data", "delete"],
  does: "destroys live infrastructure, with its data",
};

export const starts: Program = {
  ...live,
  effects: ["live-infrastructure", "unknown"],
  does: "runs a program on live infrastructure",
};
