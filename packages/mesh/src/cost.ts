import type { MeshConfig } from "@memomesh/core";
import type { Mesh } from "./load.ts";
import { monthOf, readSpending, type SpendingEntry } from "./spending.ts";

/** What some calls of models have come to. */
export interface Sum {
  /** US dollars, of the calls whose price is known. */
  readonly cost: number;
  /** Calls of which no price is known. */
  readonly unpriced: number;
  readonly sessions: number;
  readonly inputTokens: number;
  readonly outputTokens: number;
}

/** What agents have cost, and what they will. Amounts are US dollars. */
export interface CostReport {
  /** The month that is reported, `2026-11` (UTC). */
  readonly month: string;
  readonly total: Sum;
  /** What the whole month will cost when it goes on like this; undefined when it is over or has just begun. */
  readonly forecast: number | undefined;
  readonly byNode: readonly (Sum & { readonly node: string; readonly budget: number | undefined })[];
  readonly byAgent: readonly (Sum & { readonly agent: string; readonly model: string })[];
  /** The oldest first. */
  readonly byMonth: readonly (Sum & { readonly month: string })[];
  readonly budget: number | undefined;
}

/** Before so much of a month is over, what was spent says nothing about the rest of it. */
const soonest = 24 * 3600 * 1000;

/** Reads the account books of a mesh. */
export async function readCost(mesh: Mesh, month: string, now: Date): Promise<CostReport> {
  return costReport(await readSpending(mesh.root), mesh, month, now);
}

/** Sums up account books. Pure. */
export function costReport(
  entries: readonly SpendingEntry[],
  { config, nodes }: Pick<Mesh, "nodes"> & { readonly config: Pick<MeshConfig, "budgets"> },
  month: string,
  now: Date,
): CostReport {
  const own = entries.filter((entry) => monthOf(entry.at) === month);
  const total = sumOf(own);
  const budgetOf = (id: string) => nodes.get(id)?.config.budget.month ?? config.budgets.node;
  return {
    month,
    total,
    forecast: forecast(total.cost, month, now),
    byNode: grouped(own, ({ node }) => node).map(([node, sum]) => ({ node, budget: budgetOf(node), ...sum })),
    byAgent: grouped(own, ({ agent, model }) => JSON.stringify([agent, model])).map(([key, sum]) => {
      const [agent, model] = JSON.parse(key) as [string, string];
      return { agent, model, ...sum };
    }),
    byMonth: grouped(entries, ({ at }) => monthOf(at))
      .map(([each, sum]) => ({ month: each, ...sum }))
      .sort((a, b) => (a.month < b.month ? -1 : 1)),
    budget: config.budgets.month,
  };
}

function forecast(cost: number, month: string, now: Date): number | undefined {
  const start = Date.parse(`${month}-01T00:00:00Z`);
  const [year = 0, index = 0] = month.split("-").map(Number);
  const end = Date.UTC(year, index);
  const gone = now.getTime() - start;
  return gone < soonest || now.getTime() >= end ? undefined : (cost * (end - start)) / gone;
}

/** The dearest first. */
function grouped(entries: readonly SpendingEntry[], keyOf: (entry: SpendingEntry) => string): [string, Sum][] {
  const groups = [...Map.groupBy(entries, keyOf)].map(([key, some]): [string, Sum] => [key, sumOf(some)]);
  return groups.sort(([, a], [, b]) => b.cost - a.cost);
}

function sumOf(entries: readonly SpendingEntry[]): Sum {
  const total = (amount: (entry: SpendingEntry) => number) => entries.reduce((sum, entry) => sum + amount(entry), 0);
  return {
    cost: total(({ cost }) => cost ?? 0),
    unpriced: entries.filter(({ cost }) => cost === null).length,
    sessions: new Set(entries.map(({ session }) => session)).size,
    inputTokens: total((entry) => entry.inputTokens + entry.cacheReadTokens + entry.cacheWriteTokens),
    outputTokens: total(({ outputTokens }) => outputTokens),
  };
}
