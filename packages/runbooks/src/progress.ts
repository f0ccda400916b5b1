import type { Runbook } from "@memomesh/core";
import type { JournalEvent } from "./event.ts";
import { isFulfilled, isSettled, type StepState, standing, stepStates, turnOf, undoOrder } from "./step-state.ts";

/** What a person can do next about a runbook. */
export interface NextAction {
  readonly step: number;
  /**
   * `decide`: approve, do by hand or skip it. `resolve`: find out what became of it. `check`: run its check. `repair`: it
   * failed; undo it, run it again, do it by hand or skip it.
   */
  readonly action: "decide" | "resolve" | "check" | "repair";
}

export interface RunbookProgress {
  /**
   * `waiting`: nothing was done yet. `executed`: every step is decided and at least one is in place. `rolled-back`: what
   * could be undone is undone.
   */
  readonly state: "waiting" | "in-progress" | "executed" | "stopped" | "failed" | "rolled-back";
  /** Steps that are in place. */
  readonly fulfilled: number;
  readonly total: number;
  /** Absent when no step is open. */
  readonly next?: NextAction;
}

/** How far a runbook is, by what its journal says. */
export function runbookProgress(events: readonly JournalEvent[], { steps }: Pick<Runbook, "steps">): RunbookProgress {
  const told = stepStates(events);
  const states = steps.map((step) => ({ step, state: told.get(step.number) ?? ({ state: "pending" } as StepState) }));
  const fulfilled = states.filter(({ state }) => isFulfilled(state)).length;
  const open = states.find(({ state }) => !isSettled(state));
  return {
    state: overallState(
      events,
      steps,
      states.map(({ state }) => state),
    ),
    fulfilled,
    total: steps.length,
    ...(open && { next: { step: open.step.number, action: nextAction(open.state) } }),
  };
}

function overallState(
  events: readonly JournalEvent[],
  steps: Runbook["steps"],
  states: readonly StepState[],
): RunbookProgress["state"] {
  const is = (wanted: StepState["state"]) => states.some((state) => standing(state).state === wanted);
  const undoable = undoOrder(events).filter((number) => steps.some((step) => step.number === number && step.undo));
  if (is("undone") && undoable.length === 0) return "rolled-back";
  if (is("failed")) return "failed";
  if (states.every(isSettled)) return states.some(isFulfilled) ? "executed" : "stopped";
  if (isStopped(events)) return "stopped";
  return steps.some(({ number }) => turnOf(events, number) > 0) ? "in-progress" : "waiting";
}

/** A person has ended the work, and nobody has taken it up again. */
function isStopped(events: readonly JournalEvent[]): boolean {
  return events.findLast(({ type }) => type !== "reviewed" && type !== "edited")?.type === "stopped";
}

function nextAction(state: StepState): NextAction["action"] {
  switch (standing(state).state) {
    case "uncertain":
      return "resolve";
    case "unverified":
      return "check";
    case "failed":
      return "repair";
    default:
      return "decide";
  }
}
