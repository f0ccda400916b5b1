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
  /** Whether it runs in production; undefined where that is not asked. */
  readonly production?: boolean | undefined;
}

/** Classifies a step's commands. The author's risk is only ever raised, whoever thinks otherwise. */
export function stepRisk(
  { risk: author, preview, run, check, undo, upload }: Step,
  { second, programs, production }: RiskGrounds = {},
): StepRisk {
  const releases = upload !== undefined && production === true;
  const classifySwitch = (text: string) => {
    const found = classifyCommand(text, programs);
    return releases ? inProduction(found) : found;
  };
  const classified = {
    ...(preview === undefined ? {} : { preview: classifyCommand(preview.text, programs) }),
    ...(run === undefined ? {} : { run: classifySwitch(run.text) }),
    ...(check === undefined ? {} : { check: classifyCommand(check.text, programs) }),
    ...(undo === undefined ? {} : { undo: classifySwitch(undo.text) }),
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

/** The commands that switch to a release tell nothing of what is in it; in production that is never low. */
function inProduction(found: Classification): Classification {
  const reason = { text: "it puts another release in use in production", risk: "medium", start: 0, end: 0 } as const;
  return { ...found, risk: higherRisk(found.risk, "medium"), reasons: [...found.reasons, reason] };
}
