import { basename } from "node:path";
import { Exit, MeshError } from "@memomesh/core";
import { safeText } from "@memomesh/guard";
import type { GateOverride, Person } from "./event.ts";
import type { ReviewedRunbook } from "./snapshot.ts";

/** What the quality gate says of a runbook, as far as who decides on it has to know. */
export interface GateVerdict {
  /** 0 to 100. */
  readonly score: number;
  readonly threshold: number;
  /** The score reaches the threshold, and no finding blocks. */
  readonly passed: boolean;
  /** Sentences that begin with a place, the weightiest first. */
  readonly findings: readonly string[];
}

/**
 * Refuses to approve a step of a runbook that the gate does not let pass, unless a person who can be named says why.
 *
 * @returns the override to record; undefined when none is needed
 * @throws MeshError `approval.gate` without a reason, `approval.identity` without an address; exit 77
 */
export function requireGate(
  { gate, path }: ReviewedRunbook,
  step: number,
  { by, override }: { readonly by: Person; readonly override?: string },
): GateOverride | undefined {
  if (gate === undefined || gate.passed) return undefined;
  const { score, threshold, findings } = gate;
  if (override === undefined) {
    const [first] = findings;
    const worst = first === undefined ? "" : ` First of all ${safeText(first)}.`;
    throw refused(
      "gate",
      `step ${step} is not approved: the gate gives this runbook ${pointsOf(gate)}.${worst} Mend it (\`memomesh gate ${basename(path, ".md")}\` shows all), or approve it nevertheless with --override-gate "<reason>", which is recorded under your name.`,
    );
  }
  if (by.email === "") {
    throw refused(
      "identity",
      `step ${step} is not approved: an override of the gate is recorded under a name, and git does not know your address. Set it with \`git config user.email\`.`,
    );
  }
  return { reason: override, score, threshold };
}

/** An override for people: the points and the reason. */
export function overrideText({ score, threshold, reason }: GateOverride): string {
  return `${score} of 100 points, ${threshold} needed: ${reason}`;
}

function pointsOf({ score, threshold }: GateVerdict): string {
  const blocked = score >= threshold ? ", and a finding blocks" : "";
  return `${score} of 100 points; ${threshold} are needed${blocked}`;
}

function refused(code: string, sentence: string): MeshError {
  return new MeshError(`approval.${code}`, sentence, { exit: Exit.notPermitted });
}
