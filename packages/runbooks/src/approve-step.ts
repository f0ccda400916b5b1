import { Exit, MeshError } from "@memomesh/core";
import { type Approval, ofDifferentPeople, recordApproval, removeApprovals, type Subject } from "./approval.ts";
import { approvalRule } from "./approval-rule.ts";
import type { Person } from "./event.ts";
import { requireGate } from "./gate-rule.ts";
import {
  findStep,
  requireDigest,
  requireFence,
  requireFiles,
  requireUndoable,
  requireUnmoved,
  stepError,
} from "./refusal.ts";
import { conclude, currentEvents } from "./review.ts";
import type { ReviewedRunbook, ReviewedStep } from "./snapshot.ts";
import { requireNoSecret } from "./spoken-secret.ts";
import { stateWord } from "./state-word.ts";
import { mayHaveRun, standing, undoOrder } from "./step-state.ts";

/** A person's word on one step of a runbook that was put before them. */
export interface StepDecision {
  readonly by: Person;
  readonly how: Approval["how"];
  readonly action?: "run" | "undo";
  /** What the person believes they decide on; for scripts, which have not seen the value that is approved. */
  readonly digest?: string;
  /** Said in so many words: run it although it may have run before. */
  readonly again?: boolean;
  /** The target's name, typed by the person; what is of high risk is not approved without it. */
  readonly target?: string;
  /** Why it is approved although the quality gate says no; see `requireGate`. */
  readonly override?: string;
}

/** An approval that was just given. */
export interface GivenApproval extends Approval {
  /** How many further people have to approve the step before it can run. */
  readonly missing: number;
}

/**
 * Approves one step for one run, or for one undo.
 *
 * @throws MeshError `approval.void` (exit 77) when the digest given is not that of the step as it is; `step.again`
 *   (exit 77) when it may have run before and `again` is not said; `step.unfit`, `step.files`, `step.moved`,
 *   `step.running`, `step.manual`, `step.no-undo`, `step.not-run`, `approval.risk`; `approval.critical`,
 *   `approval.target`, `approval.identity`, `approval.unsigned`, `approval.gate` (exit 77) when it takes more than this decision
 */
export async function approveStep(
  reviewed: ReviewedRunbook,
  number: number,
  decision: StepDecision,
  clock: () => Date = () => new Date(),
): Promise<GivenApproval> {
  const found = findStep(reviewed, number);
  const { action = "run", by, how } = decision;
  const digest = requireDigest(reviewed, found);
  if (decision.digest !== undefined && decision.digest !== digest) throw otherDigest(number, decision.digest, digest);
  const events = await currentEvents(reviewed);
  requireUnmoved(reviewed, found, events);
  requireFence(reviewed, found, action);
  if (action === "run") requireRunnable(reviewed, found, decision.again ?? false);
  else requireUndoable(reviewed, found, undoOrder(events));
  if (how === "demo") requireHarmless(found, action);
  const { people } = requireRule(found, action, decision);
  // A way back is never barred.
  const overridden = action === "run" ? requireGate(reviewed, number, decision) : undefined;
  await requireNoSecret(reviewed, "the reason against the gate", overridden?.reason);
  const named = overridden === undefined ? {} : { overridden };

  const subject = subjectOf(reviewed, found, action, digest);
  const at = clock().toISOString();
  const { signatures } = reviewed;
  const announce = (approval: Approval) => {
    const about = { step: number, action, digest, approval: approval.id, by, how, ...named } as const;
    return conclude({ reviewed, clock }, { type: "approved", ...about }, groundsOf(reviewed, found, approval));
  };
  const decided = { ...subject, by, how, ...named, at };
  const approval = await recordApproval(reviewed.meshRoot, decided, { signatures, announce });
  const given = ofDifferentPeople([...found.approvals[action], approval]);
  return { ...approval, missing: Math.max(0, people - given.length) };
}

/**
 * Takes back the approvals of a step that did not run yet.
 *
 * @throws MeshError `approval.missing` (exit 2) when there is none
 */
export async function withdrawApproval(
  reviewed: ReviewedRunbook,
  step: number,
  by: Person,
  action: Subject["action"] = "run",
  clock: () => Date = () => new Date(),
): Promise<readonly Approval[]> {
  findStep(reviewed, step);
  const withdrawn = await removeApprovals(reviewed.meshRoot, { runbook: reviewed.runbook.id, step, action });
  if (withdrawn.length === 0) {
    const sentence = `step ${step} has no approval that waits; there is nothing to withdraw.`;
    throw new MeshError("approval.missing", sentence, { exit: Exit.usage });
  }
  const approvals = withdrawn.map(({ id }) => id);
  await conclude({ reviewed, clock }, { type: "withdrawn", step, action, approvals, by });
  return withdrawn;
}

/** All from which the digest of a step can be made again later, and its signature be verified. */
function groundsOf({ sourceDigest }: ReviewedRunbook, { target, files }: ReviewedStep, approval: Approval): object {
  const { at, turn, risk, signature } = approval;
  return {
    given: at,
    turn,
    risk,
    source: sourceDigest,
    place: target,
    files,
    ...(signature !== undefined && { signature }),
  };
}

/** What an approval of this step has to be for. */
export function subjectOf(
  { runbook }: ReviewedRunbook,
  { step, turn, text, risk, target }: ReviewedStep,
  action: Subject["action"],
  digest: string,
): Subject {
  const about = { runbook: runbook.id, step: step.number, action, digest, turn, risk: risk[action], text };
  return { ...about, ...(target !== undefined && { target: target.name }) };
}

function requireRunnable(reviewed: ReviewedRunbook, found: ReviewedStep, again: boolean): void {
  const { step, state } = found;
  const { number } = step;
  requireFiles(reviewed, found);
  if (state.state === "running") throw stepError(reviewed, "running", number, "is being run now.", Exit.tryAgain);
  if (mayHaveRun(standing(state)) && !again) {
    const sentence = `is ${stateWord(standing(state))}; to run it again, say so in so many words.`;
    throw stepError(reviewed, "again", number, sentence, Exit.notPermitted);
  }
}

/** What nobody looked at may not be able to do harm. */
function requireHarmless({ step, target, risk }: ReviewedStep, action: Subject["action"]): void {
  if (risk[action] === "low" && target?.production === false) return;
  const sentence = `step ${step.number} is not approved in the name of the demo: that is for low risk outside of production.`;
  throw notPermitted("risk", sentence);
}

/** What the rule for this risk and target asks of a single decision. */
function requireRule({ step, target, risk }: ReviewedStep, action: Subject["action"], decision: StepDecision) {
  const rule = approvalRule(risk[action], target);
  const what = action === "run" ? `step ${step.number}` : `the undo of step ${step.number}`;
  if (rule.manner === "by-hand") {
    const sentence = `${what} is of critical risk and is never run by this program. Do it by hand, say so, and its check tells whether it worked.`;
    throw notPermitted("critical", sentence);
  }
  if (rule.manner === "typed" && decision.target !== target?.name) {
    const typed = decision.target === undefined ? "nothing" : JSON.stringify(decision.target);
    throw notPermitted(
      "target",
      `${what} is of high risk; expected the name of its target, ${target?.name}, and got ${typed}. It is not approved.`,
    );
  }
  if (rule.people > 1 && decision.by.email === "") {
    const sentence = `${what} needs the approval of ${rule.people} people who can be told apart; git does not know your address. Set it with \`git config user.email\`.`;
    throw notPermitted("identity", sentence);
  }
  return rule;
}

function notPermitted(code: string, sentence: string): MeshError {
  return new MeshError(`approval.${code}`, sentence, { exit: Exit.notPermitted });
}

function otherDigest(step: number, given: string, digest: string): MeshError {
  const sentence = `step ${step} is not what was approved: given ${given}, expected ${digest}. Review it again.`;
  return notPermitted("void", sentence);
}
