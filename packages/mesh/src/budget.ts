import type { SessionLimits } from "@memomesh/agents";
import type { MeshConfig } from "@memomesh/core";
import type { MeshNode } from "./load.ts";
import type { SpendingEntry } from "./spending.ts";

/** How far a session may go, or the sentence that says why none may begin. */
export type Allowance =
  | { readonly limits: SessionLimits; readonly spent?: never }
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
  const over = left.find(({ limit, used }) => used >= limit);
  if (over !== undefined) {
    const { name, used, limit } = over;
    return { spent: `${name} is used up: $${used.toFixed(2)} of $${limit.toFixed(2)}` };
  }
  const cost = Math.min(
    ...left.map(({ limit, used }) => limit - used),
    node.budget.session.cost ?? session.cost ?? Number.POSITIVE_INFINITY,
  );
  return {
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
