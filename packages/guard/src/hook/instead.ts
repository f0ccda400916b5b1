import type { Effect } from "../classification.ts";

/** What a command was refused for, the worst first, and what an agent does instead. */
const byEffect: readonly (readonly [Effect, string])[] = [
  ["privilege", "Write it as a step of a runbook in runbooks/: a person reads it, approves it and lets it run."],
  [
    "live-infrastructure",
    "Write it as a step of a runbook in runbooks/: a person reads it, approves it and lets it run.",
  ],
  ["service", "Write it as a step of a runbook in runbooks/: a person reads it, approves it and lets it run."],
  ["data", "Write it as a step of a runbook in runbooks/: a person reads it, approves it and lets it run."],
  ["secret", "Use the secret's name, never its value; what needs the value is a step of a runbook."],
  ["network", "Ask for what you need in a memo to the operator, or write a step of a runbook that gets it."],
  [
    "git-history",
    "Leave the history to the mesh and to people: change the files, and say in a memo what is to be committed.",
  ],
  [
    "unknown",
    "Read, lint, test and build with the project's own tools and plain commands; anything else is a step of a runbook.",
  ],
];

/** @param effects of what was refused */
export function insteadOf(effects: readonly Effect[], folder: string): string {
  const found = byEffect.find(([effect]) => effects.includes(effect));
  return found?.[1] ?? stayInside(folder);
}

export function stayInside(folder: string): string {
  return `Stay in ${folder}; ask for what lies elsewhere in a memo to its node or to the operator.`;
}
