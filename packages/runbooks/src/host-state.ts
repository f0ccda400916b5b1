import type { JournalEvent } from "./event.ts";
import { succeeded } from "./step-state.ts";

/** How a step of a group stands on one of its hosts. */
export interface HostState {
  readonly host: string;
  /** `uncertain`: it was started there, and nothing tells how it ended. */
  readonly state: "done" | "failed" | "uncertain";
  /** Of the step that ran there. */
  readonly digest: string;
}

/** The hosts on which a step has, or may have, left something behind, in the order in which it was begun there. */
export function hostStates(events: readonly JournalEvent[], step: number): readonly HostState[] {
  const states = new Map<string, HostState>();
  for (const event of events) {
    if (event.type !== "host-started" && event.type !== "host-finished") continue;
    if (event.step !== step) continue;
    const { host, phase } = event;
    const before = states.get(host);
    if (event.type === "host-started") {
      if (phase === "run") states.delete(host);
      if (phase !== "check") states.set(host, { host, state: "uncertain", digest: event.digest });
    } else if (event.end.kind === "not-started") {
      if (phase === "run") states.delete(host);
    } else if (before !== undefined && event.end.kind !== "lost") {
      if (phase === "undo" && succeeded(event.end)) states.delete(host);
      else states.set(host, { ...before, state: succeeded(event.end) && phase !== "undo" ? "done" : "failed" });
    }
  }
  return [...states.values()];
}
