import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { Exit, MeshError, newId, type Risk, risks } from "@memomesh/core";
import { mayBeSame } from "./approval-rule.ts";
import { createDurably, renameDurably } from "./durable.ts";
import type { GateOverride, Person } from "./event.ts";
import { approvalsFolder } from "./layout.ts";
import { type Signatures, signApproval, signatureProblem } from "./signature.ts";
import { changeSentence } from "./step-text.ts";

/** What an approval is for. Two approvals of the same subject are for the same bytes at the same turn. */
export interface Subject {
  /** The runbook's id. */
  readonly runbook: string;
  readonly step: number;
  readonly action: "run" | "undo";
  readonly digest: string;
  /** How often something had been done to the step when the person decided; see `turnOf`. */
  readonly turn: number;
  /** As it was shown: who approved something harmless has not approved what turns out to be dangerous. */
  readonly risk: Risk;
  /** The step as it was shown, to say later what has changed. */
  readonly text: string;
  /** The target's name; its facts are part of the digest. */
  readonly target?: string;
}

/** A person's decision that one step may run once. */
export interface Approval extends Subject {
  readonly id: string;
  readonly by: Person;
  /** ISO 8601. */
  readonly at: string;
  /** At the review screen, by `memomesh approve`, or by the demo for its own low-risk steps. */
  readonly how: "terminal" | "command" | "demo";
  /** Why it was given although the quality gate said no. */
  readonly overridden?: GateOverride;
  /** By the key of the person, over all that the approval says; see `canonicalApproval`. */
  readonly signature?: string;
}

/** What approvals have to meet in order to count. */
export interface ApprovalTerms {
  /** How many different people are needed. */
  readonly people: number;
  /** How long an approval counts, in hours. */
  readonly hours: number;
  readonly now: Date;
  /** What is asked of their signatures; absent: nothing. */
  readonly signatures?: Signatures | undefined;
}

interface RecordOptions {
  /** What is asked of its signature; absent: nothing. */
  readonly signatures?: Signatures | undefined;
  /** Called before the approval counts, so that none ever counts that nothing tells of. */
  readonly announce?: (approval: Approval) => Promise<void>;
}

/** How far a clock may have been set back, or two clocks may differ, before an approval seems to come from the future. */
const tolerance = 60_000;

/**
 * Puts an approval on the disk, where no runbook and no agent writes. It is not yet used up, and it lapses when anything
 * of its subject changes.
 *
 * @throws MeshError `approval.unsigned` (exit 77) when it has to be signed and cannot be
 */
export async function recordApproval(
  meshRoot: string,
  approval: Omit<Approval, "id" | "signature">,
  { signatures, announce }: RecordOptions = {},
): Promise<Approval> {
  const given = { id: newId(Date.parse(approval.at)), ...approval };
  const signature = await signApproval(given, signatures);
  const recorded: Approval = { ...given, ...(signature !== undefined && { signature }) };
  await announce?.(recorded);
  await createDurably(join(approvalsFolder(meshRoot), fileName(recorded)), `${JSON.stringify(recorded, null, 2)}\n`);
  return recorded;
}

/** The approvals of a runbook that are not used up, oldest first. A file that is no approval approves nothing. */
export async function pendingApprovals(meshRoot: string, runbook: string): Promise<readonly Approval[]> {
  const folder = approvalsFolder(meshRoot);
  const names = await readdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return [];
    throw error;
  });
  const approvals: Approval[] = [];
  for (const name of names.filter((each) => each.startsWith(`${runbook}.`) && each.endsWith(".json")).sort()) {
    const approval = await readApproval(join(folder, name));
    if (approval !== undefined && fileName(approval) === name) approvals.push(approval);
  }
  return approvals;
}

/** Whether an approval is for exactly this, or for something worse; one changed byte and it is not. */
export function covers(approval: Approval, subject: Subject): boolean {
  const { digest, turn } = subject;
  return (
    concerns(approval, subject) && approval.digest === digest && approval.turn === turn && !isWorse(subject, approval)
  );
}

function isWorse(subject: Subject, approval: Approval): boolean {
  return risks.indexOf(subject.risk) > risks.indexOf(approval.risk);
}

/** Until when an approval counts. */
export function validUntil({ at }: Approval, hours: number): Date {
  return new Date(Date.parse(at) + hours * 3_600_000);
}

/** Whether an approval counts by the clock. A time that cannot be read never does. */
export function inTime(approval: Approval, { hours, now }: Pick<ApprovalTerms, "hours" | "now">): boolean {
  return now.getTime() < validUntil(approval, hours).getTime() && !isOfTheFuture(approval, now);
}

function isOfTheFuture({ at }: Approval, now: Date): boolean {
  return Date.parse(at) > now.getTime() + tolerance;
}

/** Of these approvals the latest of each person, oldest first. */
export function ofDifferentPeople<T extends Pick<Approval, "by">>(approvals: readonly T[]): readonly T[] {
  const kept: T[] = [];
  for (const approval of approvals.toReversed())
    if (!kept.some(({ by }) => mayBeSame(by, approval.by))) kept.unshift(approval);
  return kept;
}

/** Those whose signatures are what the mesh asks for. */
export async function credibleApprovals(
  approvals: readonly Approval[],
  signatures: Signatures | undefined,
): Promise<readonly Approval[]> {
  if (signatures === undefined) return approvals;
  const problems = await Promise.all(approvals.map((each) => signatureProblem(each, signatures)));
  return approvals.filter((_, index) => problems[index] === undefined);
}

/**
 * Uses up the approvals of a step, durably, before the step may start. Of several processes that try, one gets them: a
 * file leaves its place by a rename, which succeeds once.
 *
 * @returns one approval for each person who is needed, oldest first
 * @throws MeshError `approval.missing` when nobody has approved the step, `approval.void` when it was approved and has
 *   changed since, `approval.unsigned` when its signature is not what the mesh asks
 *   for, `approval.expired`, `approval.clock` when it is dated in the future, `approval.people` when more
 *   people have to approve it, `approval.used` when another process was faster; exit 77 each
 */
export async function takeApprovals(
  meshRoot: string,
  subject: Subject,
  terms: ApprovalTerms,
): Promise<readonly [Approval, ...Approval[]]> {
  const approvals = (await pendingApprovals(meshRoot, subject.runbook)).filter((each) => concerns(each, subject));
  const covering = approvals.filter((each) => covers(each, subject));
  const credible = await credibleApprovals(covering, terms.signatures);
  const taken = ofDifferentPeople(credible.filter((each) => inTime(each, terms))).slice(-terms.people);
  // One that the clock speaks against may count again when the clock is set right.
  const kept = covering.filter((each) => taken.includes(each) || isOfTheFuture(each, terms.now));
  for (const approval of approvals.filter((each) => !kept.includes(each))) await spend(meshRoot, approval, "void");
  const last = covering.at(-1) ?? approvals.at(-1);
  if (last === undefined) throw refused("missing", `step ${subject.step} is not approved. Nothing was run.`);
  const [first, ...others] = taken;
  const incredible = covering.find((each) => !credible.includes(each));
  if (first === undefined && terms.signatures !== undefined && incredible !== undefined) {
    const problem = await signatureProblem(incredible, terms.signatures);
    throw refused("unsigned", `${problem}. Nothing was run; approve step ${subject.step} again with your own key.`);
  }
  if (first === undefined) throw lapsed(last, subject, terms);
  if (taken.length < terms.people) throw refused("people", tooFew(taken, subject, terms));
  // The same order everywhere: who gets the first gets all of them.
  for (const approval of taken) {
    if (await spend(meshRoot, approval, "used")) continue;
    throw refused("used", `the approval of step ${subject.step} was used up by another process. Nothing was run here.`);
  }
  return [first, ...others];
}

/**
 * Takes back every approval of a step that was not used up yet, whoever gave it.
 *
 * @returns those that were withdrawn
 */
export async function removeApprovals(
  meshRoot: string,
  subject: Pick<Subject, "runbook" | "step" | "action">,
): Promise<readonly Approval[]> {
  const withdrawn: Approval[] = [];
  for (const approval of await pendingApprovals(meshRoot, subject.runbook)) {
    if (concerns(approval, subject) && (await spend(meshRoot, approval, "void"))) withdrawn.push(approval);
  }
  return withdrawn;
}

/** @returns whether it was this process that moved the approval away */
async function spend(meshRoot: string, approval: Approval, to: "used" | "void"): Promise<boolean> {
  const folder = approvalsFolder(meshRoot);
  const name = fileName(approval);
  try {
    await renameDurably(join(folder, name), join(folder, to, name));
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return false;
    throw error;
  }
}

/** Whether an approval was given for this step and action, however they are now. */
export function concerns(approval: Approval, subject: Pick<Subject, "runbook" | "step" | "action">): boolean {
  return approval.runbook === subject.runbook && approval.step === subject.step && approval.action === subject.action;
}

function fileName({ runbook, step, action, id }: Approval): string {
  return `${runbook}.${step}.${action}.${id}.json`;
}

async function readApproval(path: string): Promise<Approval | undefined> {
  try {
    const read: unknown = JSON.parse(await readFile(path, "utf8"));
    return typeof read === "object" && read !== null ? (read as Approval) : undefined;
  } catch (error) {
    if (error instanceof SyntaxError || (error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}

function lapsed(approval: Approval, subject: Subject, { hours, now }: ApprovalTerms): MeshError {
  const { step } = subject;
  const whose = `the approval of step ${step} by ${approval.by.name} (${approval.at})`;
  if (!covers(approval, subject)) {
    return refused("void", `${whose} is void: ${change(approval, subject)}. Nothing was run; review the step again.`);
  }
  if (isOfTheFuture(approval, now)) {
    const sentence = `${whose} is dated in the future; the clock says ${now.toISOString()}. Nothing was run. Set the clock right, or withdraw the approval and review the step again.`;
    return refused("clock", sentence);
  }
  return refused(
    "expired",
    `${whose} has expired: it counts for ${hours} hours. Nothing was run; review the step again.`,
  );
}

function change(approval: Approval, subject: Subject): string {
  if (approval.digest !== subject.digest) return `it has changed since: ${changeSentence(approval.text, subject.text)}`;
  if (approval.turn !== subject.turn) return "it has been run, undone, done by hand or skipped since";
  return `its risk is ${subject.risk} now and was ${approval.risk} when it was shown`;
}

function tooFew(given: readonly Approval[], { step }: Subject, { people }: ApprovalTerms): string {
  const names = given.map(({ by }) => by.name).join(", ");
  return `step ${step} needs the approval of ${people} people and has that of ${names}; another person runs \`memomesh review\`. Nothing was run.`;
}

function refused(code: string, sentence: string): MeshError {
  return new MeshError(`approval.${code}`, sentence, { exit: Exit.notPermitted });
}
