import { type Fence, higherRisk, type Risk } from "@memomesh/core";
import { type Classification, classifyCommand, type OwnPrograms } from "@memomesh/guard";

/**
 * What the guard says about those of the fences that there are.
 *
 * @param programs what mesh.yml says about programs
 */
export function classified(
  programs: OwnPrograms | undefined,
  ...fences: readonly (Fence | undefined)[]
): readonly Classification[] {
  return fences.flatMap((fence) => (fence === undefined ? [] : [classifyCommand(fence.text, programs)]));
}

/** The worst of them. */
export function guardRisk(found: readonly Classification[]): Risk {
  return found.reduce<Risk>((worst, each) => higherRisk(worst, each.risk), "low");
}

/** Why something counts as that risk: the guard's first reasons, on one line. */
export function because(found: readonly Classification[], risk: Risk): string {
  const reasons = found.flatMap((each) => each.reasons).filter((reason) => reason.risk === risk);
  return [...new Set(reasons.map(({ text }) => text))].slice(0, 3).join("; ") || "it cannot be read as shell";
}
