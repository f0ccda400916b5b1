import type { Risk, StepTarget } from "@memomesh/core";
import type { Person } from "./event.ts";

/** What it takes to have a step run, or undone. */
export interface ApprovalRule {
  /**
   * `together`: several such steps may be approved on one word. `alone`: by a decision of its own. `typed`: by typing the
   * target's name. `by-hand`: this program never runs it; a person does, says so, and the check tells.
   */
  readonly manner: "together" | "alone" | "typed" | "by-hand";
  /** How many different people have to approve it. */
  readonly people: number;
}

/** What it takes to do something of this risk there. @see docs/security.md, "Approval" */
export function approvalRule(
  risk: Risk,
  target: Pick<StepTarget, "production" | "approvals"> | undefined,
): ApprovalRule {
  const { production = true, approvals } = target ?? {};
  switch (risk) {
    case "low":
      return { manner: production ? "alone" : "together", people: 1 };
    case "medium":
      return { manner: "alone", people: 1 };
    case "high":
      return { manner: "typed", people: approvals ?? (production ? 2 : 1) };
    case "critical":
      return { manner: "by-hand", people: 1 };
  }
}

/** Whether two identities may be one person: they share the name or the address. A claim that is too close does not count twice. */
export function mayBeSame(one: Person, other: Person): boolean {
  const same = (a: string, b: string) => a.trim().toLowerCase() === b.trim().toLowerCase();
  return same(one.name, other.name) || same(one.email, other.email);
}
