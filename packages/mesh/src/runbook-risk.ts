import { higherRisk, type MeshConfig, type Risk, type Runbook } from "@memomesh/core";
import type { OwnPrograms } from "@memomesh/guard";
import { stepRisk } from "@memomesh/runbooks";

/**
 * What the worst step of a runbook could do, by its author or by the guard, whoever says more. On a production target
 * that is high at least, as for the memo that asks for it.
 */
export function runbookRisk(
  { steps, target }: Runbook,
  targets: MeshConfig["targets"],
  programs: OwnPrograms | undefined,
): Risk {
  return steps.reduce<Risk>((worst, step) => {
    const { run, undo } = stepRisk(step, { programs });
    const place = targets[step.target ?? target]?.production === true ? "high" : "low";
    return higherRisk(higherRisk(worst, place), higherRisk(run, undo));
  }, "low");
}
