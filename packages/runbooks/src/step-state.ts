import type { End, JournalEvent, Person, Phase } from "./event.ts";
import type { ProcessIdentity } from "./process-identity.ts";

interface Decision {
  /** ISO 8601. */
  readonly at: string;
  readonly by: Person;
}

/** A decision on the step as it was with this digest. */
interface BoundDecision extends Decision {
  readonly digest: string;
}

type Means = "run" | "by-hand";

/** A state that the journal alone can tell, without the approvals. */
export type Standing =
  | { readonly state: "pending" }
  /** Was started, and nothing tells how it ended: it may have run in part, wholly, or still be running. */
  | ({
      readonly state: "uncertain";
      readonly phase: "run" | "undo";
      /** A check will tell whether it worked. */
      readonly checked: boolean;
      /** How the step stood; it stands so again when the command turns out never to have begun. */
      readonly before: Standing;
      /** The process that executed it, and the command's own once it had begun. */
      readonly executor: number;
      readonly process?: ProcessIdentity;
    } & BoundDecision)
  /** Ran, or was done by hand, and its check has not told yet whether it worked. */
  | ({ readonly state: "unverified"; readonly means: Means } & BoundDecision)
  | ({ readonly state: "done"; readonly check: "passed" | "none" } & BoundDecision)
  | ({ readonly state: "by-hand"; readonly check: "passed" | "none" } & BoundDecision)
  | ({ readonly state: "failed"; readonly phase: Phase; readonly end: End; readonly means: Means } & BoundDecision)
  | ({ readonly state: "skipped"; readonly reason: string } & Decision)
  | ({ readonly state: "undone" } & BoundDecision);

export type StepState =
  | Standing
  /** A person wants it run; `before` is what it falls back to when the approval lapses. */
  | ({ readonly state: "approved"; readonly approval: string; readonly before: Standing } & BoundDecision)
  /** Another process is at it now. */
  | { readonly state: "running"; readonly standing: Standing };

const pending: Standing = { state: "pending" };

/**
 * Tells from the journal how each step stands; steps that it does not name are pending.
 *
 * A step that was started and not finished is uncertain, whatever came before. An `approved` event shows a state and
 * authorises nothing: only the approval's own file does.
 */
export function stepStates(events: readonly JournalEvent[]): ReadonlyMap<number, StepState> {
  const states = new Map<number, StepState>();
  for (const event of events) {
    if (!("step" in event)) continue;
    states.set(event.step, next(states.get(event.step) ?? pending, event));
  }
  return states;
}

/** What the journal says of a step when its approval, if it has one, does not count. */
export function standing(state: StepState): Standing {
  if (state.state === "approved") return state.before;
  return state.state === "running" ? state.standing : state;
}

/**
 * How many times something was done to a step: started, undone, done by hand or skipped. An approval is given for one
 * turn, so that one which was left over never repeats what somebody else has done meanwhile.
 */
export function turnOf(events: readonly JournalEvent[], step: number): number {
  return events.filter((event) => "step" in event && event.step === step && takesTurn(event)).length;
}

/** The steps that have, or may have, left something behind, the latest first: the order in which they are undone. */
export function undoOrder(events: readonly JournalEvent[]): readonly number[] {
  let latestFirst: readonly number[] = [];
  let beforeStart = latestFirst;
  for (const event of events) {
    const undone = undoneStep(event);
    if (undone !== undefined) {
      latestFirst = latestFirst.filter((step) => step !== undone);
    } else if (event.type === "by-hand" || (event.type === "started" && event.phase === "run")) {
      beforeStart = latestFirst;
      latestFirst = [event.step, ...latestFirst.filter((step) => step !== event.step)];
    } else if (event.type === "finished" && event.phase === "run" && event.end.kind === "not-started") {
      latestFirst = beforeStart;
    }
  }
  return latestFirst;
}

function undoneStep(event: JournalEvent): number | undefined {
  if (event.type === "by-hand") return event.action === "undo" ? event.step : undefined;
  return event.type === "finished" && event.phase === "undo" && succeeded(event.end) ? event.step : undefined;
}

/** Whether what was done to a step may already be in place, so that only a new decision in so many words repeats it. */
export function mayHaveRun({ state }: Standing): boolean {
  return state === "uncertain" || state === "unverified" || state === "done" || state === "by-hand";
}

/** Whether a step's work is in place, so that what needs it may follow. */
export function isFulfilled({ state }: StepState): boolean {
  return state === "done" || state === "by-hand";
}

/** Whether a person has decided on a step for good, so that the next one may follow. */
export function isSettled(state: StepState): boolean {
  return isFulfilled(state) || state.state === "skipped";
}

export function succeeded(end: End): boolean {
  return end.kind === "exited" && end.exit === 0;
}

function takesTurn(event: JournalEvent): boolean {
  if (event.type === "started") return event.phase !== "check";
  return event.type === "by-hand" || event.type === "skipped";
}

type StepEvent = Extract<JournalEvent, { step: number }>;
type Finished = Extract<JournalEvent, { type: "finished" }>;

function next(state: StepState, event: StepEvent): StepState {
  const now = standing(state);
  switch (event.type) {
    case "approved":
      if (event.action === "undo") return state;
      return { ...decision(event), state: "approved", approval: event.approval, before: now };
    case "withdrawn":
      return event.action === "run" ? now : state;
    case "started":
      if (event.phase === "check") return awaitingCheck(now, decision(event));
      return uncertain(event, event.phase, now);
    case "spawned":
      return now.state === "uncertain" ? { ...now, process: { pid: event.pid, began: event.began } } : state;
    // What counts for the step is what counts for the group.
    case "host-started":
    case "host-finished":
      return state;
    case "finished":
      return event.phase === "check" ? afterCheck(now, event) : afterCommand(now, event);
    case "by-hand":
      if (event.action === "undo") return { ...decision(event), state: "undone" };
      if (event.checked) return { ...decision(event), state: "unverified", means: "by-hand" };
      return { ...decision(event), state: "by-hand", check: "none" };
    case "skipped":
      return { state: "skipped", at: event.at, by: event.by, reason: event.reason };
  }
}

function afterCommand(now: Standing, { end }: Finished): StepState {
  if (now.state !== "uncertain") return now;
  const { phase, checked, before, at, by, digest } = now;
  const bound = { at, by, digest };
  if (end.kind === "not-started") return before;
  if (end.kind === "lost") return now;
  if (!succeeded(end)) return { ...bound, state: "failed", phase, end, means: "run" };
  if (phase === "undo") return { ...bound, state: "undone" };
  return checked ? { ...bound, state: "unverified", means: "run" } : { ...bound, state: "done", check: "none" };
}

function awaitingCheck(now: Standing, { at, by, digest }: BoundDecision): Standing {
  if (now.state === "unverified") return now;
  const means = now.state === "by-hand" || (now.state === "failed" && now.means === "by-hand") ? "by-hand" : "run";
  return { state: "unverified", means, at, by, digest };
}

function tells({ kind }: End): boolean {
  return kind !== "stopped" && kind !== "not-started" && kind !== "lost";
}

function afterCheck(now: Standing, { end }: Finished): StepState {
  // A check that was broken off has told nothing.
  if (now.state !== "unverified" || !tells(end)) return now;
  const { means, at, by, digest } = now;
  if (!succeeded(end)) return { state: "failed", phase: "check", end, means, at, by, digest };
  return { state: means === "run" ? "done" : "by-hand", check: "passed", at, by, digest };
}

function uncertain(
  event: Extract<JournalEvent, { type: "started" }>,
  phase: "run" | "undo",
  before: Standing,
): Standing {
  const { checked, executor } = event;
  return { ...decision(event), state: "uncertain", phase, checked, executor, before };
}

function decision({ at, by, digest }: BoundDecision): BoundDecision {
  return { at, by, digest };
}
