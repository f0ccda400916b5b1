import type { Facts, MemoFact, RunFact } from "./facts.ts";

/** The figures of a node in a month, of a node, or of all. Times are in hours, amounts in US dollars, rates from 0 to 1. */
export interface Figures {
  /** Memos that were completed. */
  readonly done: number;
  /** Median from the memo to its executed runbook; of a memo without one, to its completion. */
  readonly leadHours: number | undefined;
  /** Runbooks of which something was carried out. */
  readonly runs: number;
  readonly successRate: number | undefined;
  readonly rollbackRate: number | undefined;
  /** Mean score of the runbooks that a gate has scored. */
  readonly gate: number | undefined;
  readonly alerts: number;
  readonly alertsOpen: number;
  /** Median from an alert to the first answer to it, or to its completion. */
  readonly alertHours: number | undefined;
  readonly cost: number;
}

export interface Row extends Figures {
  readonly node: string;
  /** `2026-11` (UTC). */
  readonly month: string;
}

/** What a mesh has come to. */
export interface Report {
  readonly mesh: string;
  /** ISO 8601. */
  readonly at: string;
  readonly total: Figures;
  /** The oldest first. */
  readonly byMonth: readonly (Figures & { readonly month: string })[];
  readonly byNode: readonly (Figures & {
    readonly node: string;
    readonly lessons: number;
    readonly recurrences: number;
    /** The share of its documentation that is written, 0 to 1; undefined of the operator, who needs none. */
    readonly documented: number | undefined;
    /** Paths in its folder. */
    readonly missing: readonly string[];
  })[];
  /** The newest month first. */
  readonly rows: readonly Row[];
  readonly lessons: number;
  readonly recurrences: number;
  readonly documented: number | undefined;
}

/** Makes the figures. Pure. */
export function reportOf(facts: Facts, now: Date): Report {
  const { mesh, nodes } = facts;
  const dated = datedFacts(facts);
  const months = [...new Set(dated.map(({ month }) => month))].sort();
  const ids = nodes.map(({ node }) => node);
  const some = (node: string | undefined, month: string | undefined) =>
    figures(dated.filter((each) => (node ?? each.node) === each.node && (month ?? each.month) === each.month));
  const sum = (pick: (node: Facts["nodes"][number]) => number) => nodes.reduce((total, node) => total + pick(node), 0);
  return {
    mesh,
    at: now.toISOString(),
    total: some(undefined, undefined),
    byMonth: months.map((month) => ({ month, ...some(undefined, month) })),
    byNode: nodes.map(({ node, lessons, recurrences, documented, missing }) => {
      const share = ratio(documented.length, documented.length + missing.length);
      return { node, ...some(node, undefined), lessons, recurrences, documented: share, missing };
    }),
    rows: months
      .toReversed()
      .flatMap((month) => ids.map((node) => ({ node, month, ...some(node, month) })))
      .filter(({ done, runs, alerts, cost, gate }) => done + runs + alerts + cost > 0 || gate !== undefined),
    lessons: sum((node) => node.lessons),
    recurrences: sum((node) => node.recurrences),
    documented: ratio(
      sum((each) => each.documented.length),
      sum((each) => each.documented.length + each.missing.length),
    ),
  };
}

/** Something that counts, at a node, in a month. */
type Dated = { readonly node: string; readonly month: string } & (
  | { readonly kind: "done"; readonly lead: number }
  | { readonly kind: "run"; readonly state: RunFact["state"] }
  | { readonly kind: "gate"; readonly score: number }
  | { readonly kind: "alert"; readonly wait: number | undefined }
  | { readonly kind: "cost"; readonly amount: number }
);

function datedFacts({ memos, runs, spending, answered }: Facts): Dated[] {
  const executed = new Map(
    runs.flatMap((run) => (run.state === "executed" && run.memo ? [[run.memo, run] as const] : [])),
  );
  return [
    ...memos.flatMap((memo) => doneFact(memo, executed.get(memo.id))),
    ...memos.flatMap((memo) => (memo.type === "alert" ? [alertFact(memo, answered.get(memo.id))] : [])),
    ...runs.flatMap(({ node, state, ended }): Dated[] =>
      ended === undefined ? [] : [{ kind: "run", node, month: monthAt(ended), state }],
    ),
    ...runs.flatMap(({ node, gate, created }): Dated[] =>
      gate === undefined ? [] : [{ kind: "gate", node, month: monthAt(created), score: gate }],
    ),
    ...spending.map(({ node, at, cost }): Dated => ({ kind: "cost", node, month: at.slice(0, 7), amount: cost ?? 0 })),
  ];
}

/** Notices and answers are read and filed: what they take says nothing about how soon work is done. */
const filed: ReadonlySet<MemoFact["type"]> = new Set(["notice", "answer"]);

function doneFact({ node, type, received, done, archived }: MemoFact, run: RunFact | undefined): Dated[] {
  const end = run?.ended ?? done;
  if (!archived || end === undefined || filed.has(type)) return [];
  return [{ kind: "done", node, month: monthAt(end), lead: Math.max(0, end - received) }];
}

function alertFact({ node, received, done }: MemoFact, answer: number | undefined): Dated {
  const end = Math.min(answer ?? Number.POSITIVE_INFINITY, done ?? Number.POSITIVE_INFINITY);
  const wait = Number.isFinite(end) ? Math.max(0, end - received) : undefined;
  return { kind: "alert", node, month: monthAt(received), wait };
}

function figures(dated: readonly Dated[]): Figures {
  const of = <K extends Dated["kind"]>(kind: K) =>
    dated.filter((each): each is Extract<Dated, { kind: K }> => each.kind === kind);
  const [done, runs, gates, alerts] = [of("done"), of("run"), of("gate"), of("alert")];
  const waits = alerts.flatMap(({ wait }) => wait ?? []);
  const count = (state: RunFact["state"]) => runs.filter((run) => run.state === state).length;
  return {
    done: done.length,
    leadHours: hours(median(done.map(({ lead }) => lead))),
    runs: runs.length,
    successRate: ratio(count("executed"), runs.length),
    rollbackRate: ratio(count("rolled-back"), runs.length),
    gate: ratio(
      gates.reduce((sum, { score }) => sum + score, 0),
      gates.length,
    ),
    alerts: alerts.length,
    alertsOpen: alerts.length - waits.length,
    alertHours: hours(median(waits)),
    cost: of("cost").reduce((sum, { amount }) => sum + amount, 0),
  };
}

function median(values: readonly number[]): number | undefined {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length / 2;
  const upper = sorted[Math.floor(middle)];
  const lower = sorted[Math.ceil(middle) - 1];
  return upper === undefined || lower === undefined ? undefined : (upper + lower) / 2;
}

function hours(milliseconds: number | undefined): number | undefined {
  return milliseconds === undefined ? undefined : milliseconds / 3_600_000;
}

function ratio(part: number, whole: number): number | undefined {
  return whole === 0 ? undefined : part / whole;
}

function monthAt(time: number): string {
  return new Date(time).toISOString().slice(0, 7);
}
