import { higherRisk, type Risk, type Step } from "@memomesh/core";
import { type Classification, classifyCommand, type OwnPrograms } from "@memomesh/guard";
import type { Phase } from "./event.ts";

/** How much harm a step can do, and who says so. */
export interface StepRisk {
  /** The author's claim, when there is one. */
  readonly author: Risk | undefined;
  /** What a second agent says, when it says something else than the author. */
  readonly second: Risk | undefined;
  /** Of running the step: the highest of theirs and the guard's for its run and check fences. */
  readonly run: Risk;
  /** Of undoing it, which is a decision of its own. */
  readonly undo: Risk;
  /** What the guard found in each fence that the step has. */
  readonly classified: Readonly<Partial<Record<Phase | "preview", Classification>>>;
}

/** By what a step is judged besides its author's word. */
export interface RiskGrounds {
  /** What a second agent says. */
  readonly second?: Risk | undefined;
  /** What mesh.yml says about programs. */
  readonly programs?: OwnPrograms | undefined;
}

/** Classifies a step's commands. The author's risk is only ever raised, whoever thinks otherwise. */
export function stepRisk(
  { risk: author, preview, run, check, undo }: Step,
  { second, programs }: RiskGrounds = {},
): StepRisk {
  const classified = {
    ...(preview === undefined ? {} : { preview: classifyCommand(preview.text, programs) }),
    ...(run === undefined ? {} : { run: classifyCommand(run.text, programs) }),
    ...(check === undefined ? {} : { check: classifyCommand(check.text, programs) }),
    ...(undo === undefined ? {} : { undo: classifyCommand(undo.text, programs) }),
  };
  const floor = higherRisk(author ?? "low", second ?? "low");
  const highest = (...phases: (Classification | undefined)[]) =>
    phases.reduce<Risk>((highestYet, found) => higherRisk(highestYet, found?.risk ?? "low"), floor);
  return {
    author,
    second,
    run: highest(classified.run, classified.check),
    undo: highest(classified.undo),
    classified,
  };
}
