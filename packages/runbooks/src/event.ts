import { MeshError } from "@memomesh/core";
import type { ProcessIdentity } from "./process-identity.ts";

export interface Person {
  readonly name: string;
  readonly email: string;
}

/** Why a person approved what the quality gate had given too few points, or what one of its findings blocked. */
export interface GateOverride {
  readonly reason: string;
  /** 0 to 100. */
  readonly score: number;
  readonly threshold: number;
}

/** What of a step is run: its `run`, `check` or `undo` fence. */
export type Phase = "run" | "check" | "undo";

/** How a command came to its end. */
export type End =
  | { readonly kind: "exited"; readonly exit: number }
  /** By a signal that did not come from us. */
  | { readonly kind: "signalled"; readonly signal: string }
  /** Ended by us after `seconds`. */
  | { readonly kind: "timeout"; readonly seconds: number }
  /** Ended by us because a person wanted it. */
  | { readonly kind: "stopped" }
  | { readonly kind: "not-started"; readonly reason: string }
  /** The connection to its host broke: it may have ended, somehow, or be running. */
  | { readonly kind: "lost"; readonly reason: string }
  /** In a group: it ran on some hosts, and failed on one or could not be begun there. */
  | { readonly kind: "partial"; readonly reason: string };

/** One step as it was put before a reviewer. */
interface ReviewedText {
  readonly step: number;
  readonly title: string;
  /** Null when the step could not have been approved. */
  readonly digest: string | null;
  readonly text: string;
}

/** What happened to a runbook, as the journal tells it. */
export type Happening =
  | { readonly type: "reviewed"; readonly by: Person; readonly source: string; readonly steps: readonly ReviewedText[] }
  | {
      readonly type: "approved";
      readonly step: number;
      readonly action: "run" | "undo";
      readonly digest: string;
      readonly approval: string;
      readonly by: Person;
      readonly how: string;
      readonly overridden?: GateOverride;
    }
  | {
      readonly type: "withdrawn";
      readonly step: number;
      readonly action: "run" | "undo";
      readonly approvals: readonly string[];
      readonly by: Person;
    }
  | {
      readonly type: "started";
      readonly step: number;
      readonly phase: Phase;
      readonly digest: string;
      readonly by: Person;
      /** Absent for a check, which belongs to the decision before it. */
      readonly approval?: string;
      /** Approvals of the other people, when it took several. */
      readonly furtherApprovals?: readonly string[];
      /** How many people had to approve it. */
      readonly people?: number;
      readonly target: string;
      /** The step has a check that will tell whether it did its work. */
      readonly checked: boolean;
      /** The process that executes, not the command's own. */
      readonly executor: number;
    }
  | ({ readonly type: "spawned"; readonly step: number; readonly phase: Phase } & ProcessIdentity)
  | {
      readonly type: "finished";
      readonly step: number;
      readonly phase: Phase;
      readonly end: End;
      readonly milliseconds: number;
      /** Secrets removed, in characters that are safe to print. */
      readonly output: string;
      /** Characters left out of the middle of the output. */
      readonly omitted: number;
      /** Processes that the command left behind were ended. */
      readonly leftovers: boolean;
    }
  /** On one host of a group, between `started` and `finished` of the whole step. */
  | {
      readonly type: "host-started";
      readonly step: number;
      readonly phase: Phase;
      readonly host: string;
      readonly digest: string;
    }
  | {
      readonly type: "host-finished";
      readonly step: number;
      readonly phase: Phase;
      readonly host: string;
      readonly end: End;
      readonly milliseconds: number;
      readonly output: string;
      readonly omitted: number;
    }
  | {
      readonly type: "by-hand";
      readonly step: number;
      readonly by: Person;
      readonly digest: string;
      readonly checked: boolean;
      readonly note?: string;
      /** Absent: they ran it. */
      readonly action?: "undo";
    }
  | { readonly type: "skipped"; readonly step: number; readonly by: Person; readonly reason: string }
  | { readonly type: "edited"; readonly by: Person; readonly from: string; readonly to: string }
  /** What was shown and approved; its file holds something else since. `source`: the digest of the text. */
  | { readonly type: "kept"; readonly source: string; readonly text: string }
  | { readonly type: "stopped"; readonly by: Person; readonly reason?: string };

/** `at`: ISO 8601. */
export type JournalEvent = { readonly at: string } & Happening;

type Kind = "string" | "number" | "boolean" | "object";

const required: Readonly<Record<Happening["type"], Readonly<Record<string, Kind>>>> = {
  reviewed: { by: "object", source: "string", steps: "object" },
  approved: { step: "number", action: "string", digest: "string", approval: "string", by: "object", how: "string" },
  withdrawn: { step: "number", action: "string", approvals: "object", by: "object" },
  started: {
    step: "number",
    phase: "string",
    digest: "string",
    by: "object",
    target: "string",
    checked: "boolean",
    executor: "number",
  },
  spawned: { step: "number", phase: "string", pid: "number", began: "string" },
  finished: { step: "number", phase: "string", end: "object", milliseconds: "number", output: "string" },
  "host-started": { step: "number", phase: "string", host: "string", digest: "string" },
  "host-finished": { step: "number", phase: "string", host: "string", end: "object", milliseconds: "number" },
  "by-hand": { step: "number", by: "object", digest: "string", checked: "boolean" },
  skipped: { step: "number", by: "object", reason: "string" },
  edited: { by: "object", from: "string", to: "string" },
  kept: { source: "string", text: "string" },
  stopped: { by: "object" },
};

/**
 * Takes what a journal line holds for an event.
 *
 * @throws MeshError `journal.event` when it is none; then somebody else than this program has written the line, and no
 *   step may run before a person has looked at it
 */
export function readEvent(value: unknown, place: { file: string; line: number }): JournalEvent {
  const event = (typeof value === "object" && value !== null ? value : {}) as Record<string, unknown>;
  const type = String(event.type);
  const fields = Object.hasOwn(required, type) ? required[type as Happening["type"]] : undefined;
  if (fields === undefined) {
    const expected = Object.keys(required).join(", ");
    throw new MeshError("journal.event", `event "${type}" is not known; expected one of ${expected}.`, { place });
  }
  for (const [name, kind] of Object.entries({ at: "string", ...fields })) {
    if (typeof event[name] === kind && event[name] !== null) continue;
    throw new MeshError("journal.event", `the event "${type}" has no ${name}; expected a ${kind}.`, { place });
  }
  return event as unknown as JournalEvent;
}
