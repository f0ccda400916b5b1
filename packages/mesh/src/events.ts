import type { SessionUsage } from "@memomesh/core";

/** Everything that `watch` and `run` tell about, in the order in which it happens. One line of JSON each with `--json`. */
export type MeshEvent = { readonly at: string } & (
  | { readonly kind: "started"; readonly mesh: string; readonly nodes: number; readonly by: string }
  | {
      readonly kind: "delivered";
      readonly memo: string;
      readonly from: string;
      readonly to: readonly string[];
      readonly subject: string;
      readonly file: string;
    }
  | { readonly kind: "duplicate"; readonly memo: string; readonly from: string; readonly file: string }
  | {
      readonly kind: "rejected";
      readonly node: string;
      readonly file: string;
      readonly code: string;
      readonly reason: string;
    }
  | {
      readonly kind: "session-started";
      readonly node: string;
      readonly memo: string;
      readonly subject: string;
      readonly agent: string;
    }
  | { readonly kind: "session-progress"; readonly node: string; readonly memo: string; readonly text: string }
  | {
      readonly kind: "session-finished";
      readonly node: string;
      readonly memo: string;
      readonly subject: string;
      readonly outcome: "done" | "prepared" | "asked" | "declined";
      readonly notes: string;
      readonly runbook?: string;
      /** What the gate gives the runbook. */
      readonly gate?: { readonly score: number; readonly threshold: number; readonly passed: boolean };
      /** Absent when no model was asked. */
      readonly usage?: SessionUsage;
      readonly ms: number;
    }
  | { readonly kind: "session-held"; readonly node: string; readonly memo: string; readonly reason: string }
  | { readonly kind: "session-redone"; readonly node: string; readonly memo: string; readonly reason: string }
  | {
      readonly kind: "session-failed";
      readonly node: string;
      readonly memo: string;
      readonly reason: string;
      readonly final: boolean;
    }
  | { readonly kind: "committed"; readonly hash: string; readonly subject: string }
  | { readonly kind: "warning"; readonly code: string; readonly text: string }
);

/** Hands an event to whoever shows or records it. */
export type Tell = (event: WithoutTime) => void;

/** An event before the coordinator put the time on it. */
export type WithoutTime = MeshEvent extends infer Event ? (Event extends MeshEvent ? Omit<Event, "at"> : never) : never;
