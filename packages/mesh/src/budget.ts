import type { SessionLimits } from "@memomesh/agents";
import { dollars, type MeshConfig } from "@memomesh/core";
import type { MeshNode } from "./load.ts";
import type { SpendingEntry } from "./spending.ts";

/** How far a session may go, or the sentence that says why none may begin. */
export type Allowance =
  /** `month`: it is the budget of a month that bounds what this session may cost, and this is how it stands. */
  | { readonly limits: SessionLimits; readonly month?: string; readonly spent?: never }
  | { readonly spent: string; readonly limits?: never };

/**
 * What a session of a node may use now. Pure.
 *
 * @param month what was spent in this month, by all nodes
 */
export function allowance(
  config: MeshConfig,
  { id, config: node }: MeshNode,
  month: readonly SpendingEntry[],
): Allowance {
  const { session, node: everyNode, month: whole } = config.budgets;
  const ownLimit = node.budget.month ?? everyNode;
  const left = [
    { limit: whole, used: sum(month), name: "the month's budget of the mesh (budgets.month of mesh.yml)" },
    {
      limit: ownLimit,
      used: sum(month.filter((entry) => entry.node === id)),
      name: `the month's budget of ${id} (${node.budget.month === undefined ? "budgets.node of mesh.yml" : "budget.month of its node.yml"})`,
    },
  ].flatMap(({ limit, used, name }) => (limit === undefined ? [] : [{ limit, used, name }]));
  const tightest = left.sort((a, b) => a.limit - a.used - (b.limit - b.used))[0];
  const rest = tightest === undefined ? Number.POSITIVE_INFINITY : tightest.limit - tightest.used;
  const standing =
    tightest === undefined
      ? ""
      : `of ${tightest.name}, ${dollars(tightest.used)} of ${dollars(tightest.limit)} are spent`;
  if (rest <= 0) return { spent: standing };
  const own = node.budget.session.cost ?? session.cost ?? Number.POSITIVE_INFINITY;
  const cost = Math.min(rest, own);
  return {
    ...(rest < own ? { month: standing } : {}),
    limits: {
      turns: node.budget.session.turns ?? session.turns,
      tokens: node.budget.session.tokens ?? session.tokens,
      seconds: config.policy.sessionSeconds,
      cost: Number.isFinite(cost) ? cost : undefined,
    },
  };
}

function sum(entries: readonly SpendingEntry[]): number {
  return entries.reduce((total, { cost }) => total + (cost ?? 0), 0);
}
