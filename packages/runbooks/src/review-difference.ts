import type { Step } from "@memomesh/core";
import type { JournalEvent, Person } from "./event.ts";
import { type DiffLine, diffLines } from "./line-diff.ts";

/** How a step differs from what a person has last been shown of it. */
export type StepChange =
  | { readonly kind: "new" }
  | { readonly kind: "unchanged" }
  | { readonly kind: "changed"; readonly lines: readonly DiffLine[] };

/** How a runbook differs from its last review. */
export interface ReviewDifference {
  /** Undefined when nobody has reviewed it yet. */
  readonly last: { readonly at: string; readonly by: Person; readonly source: string } | undefined;
  /** By number of the step. */
  readonly steps: ReadonlyMap<number, StepChange>;
  /** Titles of steps that were there and are no more, by number. */
  readonly removed: ReadonlyMap<number, string>;
}

/** Compares the steps of a runbook with those of the last `reviewed` event. Steps are matched by number. */
export function reviewDifference(
  events: readonly JournalEvent[],
  steps: readonly { readonly step: Step; readonly text: string }[],
): ReviewDifference {
  const last = events.findLast((event) => event.type === "reviewed");
  const earlier = new Map(last?.steps.map((each) => [each.step, each]));
  const changes = steps.map(({ step, text }) => {
    const before = earlier.get(step.number)?.text;
    earlier.delete(step.number);
    return [step.number, stepChange(before, text)] as const;
  });
  return {
    last: last && { at: last.at, by: last.by, source: last.source },
    steps: new Map(changes),
    removed: new Map([...earlier].map(([number, { title }]) => [number, title])),
  };
}

function stepChange(before: string | undefined, text: string): StepChange {
  if (before === undefined) return { kind: "new" };
  return before === text ? { kind: "unchanged" } : { kind: "changed", lines: diffLines(before, text) };
}
