import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { Exit, MeshError, newId } from "@memomesh/core";
import { createDurably, renameDurably } from "./durable.ts";
import type { Person } from "./event.ts";
import { approvalsFolder } from "./layout.ts";
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
  /** The step as it was shown, to say later what has changed. */
  readonly text: string;
}

/** A person's decision that one step may run once. */
export interface Approval extends Subject {
  readonly id: string;
  readonly by: Person;
  /** ISO 8601. */
  readonly at: string;
  /** At the review screen, by `memomesh approve`, or by the demo for its own low-risk steps. */
  readonly how: "terminal" | "command" | "demo";
}

/**
 * Puts an approval on the disk, where no runbook and no agent writes. It is not yet used up, and it lapses when anything
 * of its subject changes.
 */
export async function recordApproval(meshRoot: string, approval: Omit<Approval, "id">): Promise<Approval> {
  const recorded: Approval = { id: newId(Date.parse(approval.at)), ...approval };
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

/** Whether an approval is for exactly this; one changed byte and it is not. */
export function covers(approval: Approval, subject: Subject): boolean {
  return concerns(approval, subject) && approval.digest === subject.digest && approval.turn === subject.turn;
}

/**
 * Uses up the approval of a step, durably, before the step may start. Of several processes that try, one gets it: the
 * file leaves its place by a rename, which succeeds once.
 *
 * @throws MeshError `approval.missing` when nobody has approved the step, `approval.void` when it was approved and has
 *   changed since, `approval.used` when another process was faster; exit 77 each
 */
export async function takeApproval(meshRoot: string, subject: Subject): Promise<Approval> {
  const approvals = (await pendingApprovals(meshRoot, subject.runbook)).filter((each) => concerns(each, subject));
  const valid = approvals.findLast((approval) => covers(approval, subject));
  for (const approval of approvals.filter((each) => each !== valid)) await spend(meshRoot, approval, "void");
  const last = approvals.at(-1);
  if (last === undefined) throw refused("missing", `step ${subject.step} is not approved. Nothing was run.`);
  if (valid === undefined) throw refused("void", voidSentence(last, subject));
  if (await spend(meshRoot, valid, "used")) return valid;
  throw refused("used", `the approval of step ${subject.step} was used up by another process. Nothing was run here.`);
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
export function concerns(approval: Approval, subject: Subject): boolean {
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

function voidSentence(approval: Approval, subject: Subject): string {
  const { step } = subject;
  const what =
    approval.digest === subject.digest
      ? "it has been run, undone, done by hand or skipped since"
      : `it has changed since: ${changeSentence(approval.text, subject.text)}`;
  return `the approval of step ${step} by ${approval.by.name} (${approval.at}) is void: ${what}. Nothing was run; review the step again.`;
}

function refused(code: string, sentence: string): MeshError {
  return new MeshError(`approval.${code}`, sentence, { exit: Exit.notPermitted });
}
