export const stageStates = [
  "planned",
  "designed",
  "implemented",
  "improving",
  "gated",
  "approved",
  "executed",
  "failed",
  "complete",
] as const;

/**
 * How far a stage is. `planned`: it stands in stages.yml. `designed`: it has a plan. `implemented`: its files and runbook
 * are there. `gated`: they have passed the gate. `approved`: a person has begun to approve its runbook's steps.
 * `executed`: every step is in place. `improving`: it is below the gate's threshold, or a person wants it better.
 */
export type StageState = (typeof stageStates)[number];

/** Somebody who lets a stage through without its runbook having run, and why. */
export interface Waiver {
  readonly by: string;
  readonly why: string;
}

/** Where a stage stands, and what it stands on. Paths are relative to the mesh's root. */
export interface StageRecord {
  readonly stage: string;
  readonly state: StageState;
  readonly plan?: string;
  readonly runbook?: string;
  /** Ids of the memos that were worked on, the newest last. */
  readonly memos: readonly string[];
  /** The gate's last score, 0 to 100, of what is there now. */
  readonly gate?: number;
  /** How often it was improved since it was implemented first. */
  readonly rounds: number;
  readonly documentation?: string;
  readonly waiver?: Waiver;
}

/** Something that happened to a stage. */
export type StageEvent =
  | { readonly kind: "designed"; readonly plan: string; readonly memo?: string }
  | { readonly kind: "implemented"; readonly runbook?: string; readonly memo?: string }
  | { readonly kind: "scored"; readonly score: number; readonly passes: boolean }
  | { readonly kind: "improving" }
  | { readonly kind: "approved" }
  | { readonly kind: "executed" }
  | { readonly kind: "failed" }
  | { readonly kind: "completed"; readonly documentation: string; readonly waiver?: Waiver };

/** From where each thing can happen. */
const from: Readonly<Record<StageEvent["kind"], readonly StageState[]>> = {
  designed: ["planned", "designed", "implemented", "improving", "gated", "failed"],
  implemented: ["designed", "implemented", "improving", "failed"],
  scored: ["implemented", "improving", "gated"],
  improving: ["implemented", "improving", "gated", "failed", "executed", "complete"],
  approved: ["gated"],
  // A person may repair a run that failed.
  executed: ["approved", "failed"],
  failed: ["implemented", "improving", "gated", "approved"],
  completed: ["executed"],
};
/** With a waiver a stage may be complete whose runbook nobody has run. The gate cannot be waived. */
const waived: readonly StageState[] = ["gated", "approved", "executed"];

/** States behind the gate. */
const passed: readonly StageState[] = ["gated", "approved"];

/** What has to happen first, told to whoever wants something too early. */
const wanting: Readonly<Record<StageEvent["kind"], string>> = {
  designed: "its runbook is under way or has run; improve it instead",
  implemented: "it has no plan yet; `memomesh stage plan` makes one",
  scored: "there is nothing for the gate to look at; `memomesh stage implement` prepares it",
  improving: "there is nothing to improve yet, or its runbook is under way",
  approved: "it has not passed the gate",
  executed: "nobody has approved a runbook of it that has passed the gate",
  failed: "nothing of it was tried",
  completed: "its runbook has not been executed; `memomesh review` does that, or --waive says why it is not needed",
};

/** Where a stage stands that nothing has happened to. */
export function plannedStage(stage: string): StageRecord {
  return { stage, state: "planned", memos: [], rounds: 0 };
}

/** The record after an event, or why that cannot happen now. Pure. */
export function stageAfter(record: StageRecord, event: StageEvent): StageRecord | string {
  const allowed = event.kind === "completed" && event.waiver !== undefined ? waived : from[event.kind];
  if (!allowed.includes(record.state)) return `${record.stage} is ${record.state}: ${wanting[event.kind]}`;
  if (event.kind === "executed" && record.gate === undefined) return `${record.stage}: ${wanting.executed}`;
  if (event.kind === "implemented" && record.plan === undefined) return `${record.stage}: ${wanting.implemented}`;
  switch (event.kind) {
    case "designed": {
      const { runbook: _, gate: __, ...kept } = record;
      return { ...kept, state: "designed", plan: event.plan, rounds: 0, memos: withMemo(record, event) };
    }
    case "implemented": {
      const { runbook: _, gate: __, ...kept } = record;
      const { runbook } = event;
      const memos = withMemo(record, event);
      return { ...kept, state: "implemented", memos, ...(runbook === undefined ? {} : { runbook }) };
    }
    case "scored":
      return { ...record, state: event.passes ? "gated" : "improving", gate: event.score };
    case "improving": {
      const { waiver: _, documentation: __, ...kept } = record;
      return { ...kept, state: "improving", rounds: record.rounds + 1 };
    }
    case "failed": {
      // What failed before it passed the gate has no score that counts.
      const { gate: _, ...kept } = record;
      return { ...(passed.includes(record.state) ? record : kept), state: "failed" };
    }
    case "completed": {
      const { documentation, waiver } = event;
      return { ...record, state: "complete", documentation, ...(waiver === undefined ? {} : { waiver }) };
    }
    default:
      return { ...record, state: event.kind };
  }
}

function withMemo({ memos }: StageRecord, { memo }: { readonly memo?: string }): readonly string[] {
  return memo === undefined || memos.includes(memo) ? memos : [...memos, memo];
}
