import { higherRisk, type Risk, type Step } from "@memomesh/core";
import { type Classification, classifyCommand } from "@memomesh/guard";
import type { Phase } from "./event.ts";

/** How much harm a step can do, and who says so. */
export interface StepRisk {
  /** The author's claim, when there is one. */
  readonly author: Risk | undefined;
  /** Of running the step: the higher of the author's and the guard's for its run and check fences. */
  readonly run: Risk;
  /** Of undoing it, which is a decision of its own. */
  readonly undo: Risk;
  /** What the guard found in each fence that the step has. */
  readonly classified: Readonly<Partial<Record<Phase, Classification>>>;
}

/** Classifies a step's commands. The author's risk is only ever raised. */
export function stepRisk({ risk: author, run, check, undo }: Step): StepRisk {
  const classified = {
    ...(run === undefined ? {} : { run: classifyCommand(run.text) }),
    ...(check === undefined ? {} : { check: classifyCommand(check.text) }),
    ...(undo === undefined ? {} : { undo: classifyCommand(undo.text) }),
  };
  const floor = author ?? "low";
  const highest = (...phases: (Classification | undefined)[]) =>
    phases.reduce<Risk>((highestYet, found) => higherRisk(highestYet, found?.risk ?? "low"), floor);
  return {
    author,
    run: highest(classified.run, classified.check),
    undo: highest(classified.undo),
    classified,
  };
}
