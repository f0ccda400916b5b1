import type { LogEntry } from "@memomesh/mailbox";
import { type CostReport, costReport } from "../cost.ts";
import { readDecisions } from "../decisions.ts";
import type { Mesh } from "../load.ts";
import { readSpending } from "../spending.ts";
import { type Pending, readPending } from "./pending.ts";

/** How the mesh stands, on one page, for somebody who was away. */
export interface Brief {
  readonly mesh: string;
  /** ISO 8601. */
  readonly at: string;
  readonly since: string;
  /** What waits for somebody, the oldest first. */
  readonly pending: readonly Pending[];
  /** What happened since, by node, the newest first. */
  readonly moved: readonly { readonly node: string; readonly decisions: readonly LogEntry[] }[];
  readonly cost: BriefCost;
  /** Nodes that cannot be used, and why. */
  readonly problems: readonly { readonly node: string; readonly reason: string }[];
}

/** Amounts are US dollars. */
export interface BriefCost extends Pick<CostReport, "month" | "forecast" | "budget"> {
  readonly sinceThen: number;
  readonly thisMonth: number;
  /** Calls of this month of which no price is known. */
  readonly unpriced: number;
}

/**
 * Reads what moved, what waits for whom, what is stuck and what it cost.
 *
 * @throws MeshError `history.git.*`
 */
export async function readBrief(mesh: Mesh, since: Date, now: Date): Promise<Brief> {
  const [pending, decisions, spending] = await Promise.all([
    readPending(mesh, now),
    readDecisions(mesh, { since }),
    readSpending(mesh.root),
  ]);
  const { month, total, forecast, budget } = costReport(spending, mesh, now.toISOString().slice(0, 7), now);
  const recent = spending.filter(({ at }) => Date.parse(at) >= since.getTime());
  return {
    mesh: mesh.config.name,
    at: now.toISOString(),
    since: since.toISOString(),
    pending,
    moved: movedIn(mesh, decisions),
    cost: {
      month,
      forecast,
      budget,
      sinceThen: recent.reduce((sum, { cost }) => sum + (cost ?? 0), 0),
      thisMonth: total.cost,
      unpriced: total.unpriced,
    },
    problems: mesh.problems.map(({ id, error }) => ({ node: id, reason: error.message })),
  };
}

/** In the order of mesh.yml; what concerns no node, or one that is gone, stands with the operator. */
function movedIn(mesh: Mesh, decisions: readonly LogEntry[]): Brief["moved"] {
  const nodeOf = ({ trailers }: LogEntry) => trailers.find(([name]) => name === "Node")?.[1] ?? "";
  const byNode = Map.groupBy(decisions, (entry) => (mesh.nodes.has(nodeOf(entry)) ? nodeOf(entry) : "operator"));
  return [...mesh.nodes.keys()].flatMap((node) => {
    const own = byNode.get(node);
    return own === undefined ? [] : [{ node, decisions: own }];
  });
}
