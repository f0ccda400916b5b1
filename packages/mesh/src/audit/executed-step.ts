import { resolve } from "node:path";
import { MeshError, sha256, stepDigest, type TrailLine } from "@memomesh/core";
import { parseRunbook } from "@memomesh/core/markdown";
import {
  endText,
  journalFile,
  mayBeSame,
  type Person,
  readJournal,
  type Signatures,
  signatureProblem,
} from "@memomesh/runbooks";
import type { Mesh } from "../load.ts";
import { type ApprovedFacts, factsOf, type StartedFacts } from "./facts.ts";
import type { AuditHistory } from "./history-anchors.ts";

/** Who approved an executed step. */
export interface ProvenApproval {
  readonly by: Person;
  /** ISO 8601. */
  readonly at: string;
  readonly how: string;
  readonly signed: boolean;
}

/** A step that was executed, and what proves that it is what people approved. */
export interface ExecutedStep {
  /** Relative to the mesh's root. */
  readonly runbook: string;
  readonly step: number;
  readonly action: "run" | "undo";
  readonly target: string;
  /** ISO 8601: when it was started. */
  readonly at: string;
  readonly digest: string;
  readonly approvals: readonly ProvenApproval[];
  /** How it ended, in words; undefined when nothing tells. */
  readonly end: string | undefined;
  /** Why it is not proven, in sentences; empty when it is. */
  readonly problems: readonly string[];
}

/**
 * Proves for every step that the trail says was executed: enough different people approved exactly that digest before,
 * nobody took it back, no approval was used twice, the digest is that of the runbook's bytes in the history, and the
 * signatures, when there are any, are of those who are named.
 */
export async function executedSteps(
  mesh: Mesh,
  lines: readonly TrailLine[],
  history: AuditHistory,
  signatures: Signatures | undefined,
): Promise<ExecutedStep[]> {
  const approvals = new Map<string, ApprovedFacts>();
  const withdrawn = new Set<string>();
  const used = new Set<string>();
  const sources = new Map<string, Promise<string | undefined>>();
  const firstSigned = lines.find(({ entry }) => entry.type === "approved" && entry.signature !== undefined)?.line;
  const steps: ExecutedStep[] = [];
  for (const [index, line] of lines.entries()) {
    const approved = factsOf(line, "approved");
    if (approved !== undefined) approvals.set(approved.approval, approved);
    for (const id of factsOf(line, "withdrawn")?.approvals ?? []) withdrawn.add(id);
    const started = factsOf(line, "started");
    if (started === undefined || started.phase === "check") continue;
    const ids = [...(started.furtherApprovals ?? []), ...(started.approval === undefined ? [] : [started.approval])];
    const given = ids.flatMap((id) => approvals.get(id) ?? []);
    const problems = [
      ...ids.filter((id) => !approvals.has(id)).map((id) => `approval ${id} is not in the trail before it.`),
      ...ids.filter((id) => withdrawn.has(id)).map((id) => `approval ${id} had been withdrawn.`),
      ...ids.filter((id) => used.has(id)).map((id) => `approval ${id} had been used before.`),
      ...given.flatMap((each) => misfits(each, started)),
      ...tooFew(given, started),
    ];
    for (const each of given) {
      problems.push(...(await sourceProblems(mesh, each, history, sources)));
      // What was approved before anybody signed was approved under another rule.
      const ruled = each.signature !== undefined || (firstSigned !== undefined && each.line.line > firstSigned);
      const problem =
        signatures && ruled && (await signatureProblem(signedFacts(each), signatures, new Date(each.given)));
      if (problem !== undefined) problems.push(`${problem}.`);
    }
    for (const id of ids) used.add(id);
    steps.push({ ...told(started, given, endOf(lines.slice(index + 1), started)), problems });
  }
  return steps;
}

function told(
  { file, step, phase, target, at, digest }: StartedFacts,
  given: readonly ApprovedFacts[],
  end: string | undefined,
): Omit<ExecutedStep, "problems"> {
  const approvals = given.map(({ by, given: when, how, signature }) => {
    return { by, at: when, how, signed: signature !== undefined };
  });
  return { runbook: file, step, action: phase === "undo" ? "undo" : "run", target, at, digest, approvals, end };
}

function misfits(approved: ApprovedFacts, started: StartedFacts): string[] {
  const { approval, digest, step, action, runbook, place } = approved;
  const is = (what: string, was: unknown, now: unknown) =>
    was === now ? [] : [`approval ${approval} is for ${what} ${was}, and ${now} was executed.`];
  return [
    ...is("digest", digest, started.digest),
    ...is("step", step, started.step),
    ...is("the", action, started.phase),
    ...is("runbook", runbook, started.runbook),
    ...is("target", place.name, started.target),
  ];
}

function tooFew(given: readonly ApprovedFacts[], { people = 1 }: StartedFacts): string[] {
  const different: Person[] = [];
  for (const { by } of given) if (!different.some((each) => mayBeSame(each, by))) different.push(by);
  return different.length >= people ? [] : [`${different.length} people approved it, and it takes ${people}.`];
}

async function sourceProblems(
  mesh: Mesh,
  approved: ApprovedFacts,
  history: AuditHistory,
  sources: Map<string, Promise<string | undefined>>,
): Promise<string[]> {
  const { file, source, step, place, files, runbook, digest, approval } = approved;
  const key = `${file} ${source}`;
  const found = sources.get(key) ?? findVersion(resolve(mesh.root, file), source, history);
  sources.set(key, found);
  const text = await found;
  if (text === undefined)
    return [
      `no commit and no record has the runbook as it was for approval ${approval} (${source}), so that nothing tells what it was.`,
    ];
  const is = digestOf(text, file, step, (found) => stepDigest(found, place, files, runbook));
  return is === digest ? [] : [`approval ${approval} is for ${digest}, and step ${step} of the runbook was ${is}.`];
}

/**
 * The bytes of a runbook by their digest: from the history, or from its journal, which keeps them when the file was changed
 * between display and run.
 */
async function findVersion(path: string, source: string, history: AuditHistory): Promise<string | undefined> {
  for await (const text of history.versions(path)) if (sha256(text) === source) return text;
  return (await keptTexts(path)).find((text) => sha256(text) === source);
}

/** A journal that cannot be read keeps nothing; that it cannot is told elsewhere. */
async function keptTexts(path: string): Promise<string[]> {
  try {
    const { events } = await readJournal(journalFile(path));
    return events.flatMap((event) => (event.type === "kept" ? [event.text] : []));
  } catch (error) {
    if (error instanceof MeshError) return [];
    throw error;
  }
}

function digestOf(
  text: string,
  file: string,
  number: number,
  digest: (step: ReturnType<typeof parseRunbook>["steps"][number]) => string,
): string {
  try {
    const step = parseRunbook(text, file).steps.find((each) => each.number === number);
    return step === undefined ? "absent" : digest(step);
  } catch (error) {
    if (error instanceof MeshError) return `unreadable (${error.sentence})`;
    throw error;
  }
}

function signedFacts({ approval, given, place, ...facts }: ApprovedFacts) {
  const { runbook, step, action, digest, turn, risk, by, how, overridden, signature } = facts;
  const said = { id: approval, runbook, step, action, digest, turn, risk, target: place.name, by, at: given, how };
  return { ...said, ...(overridden && { overridden }), ...(signature !== undefined && { signature }) };
}

function endOf(later: readonly TrailLine[], { runbook, step, phase }: StartedFacts): string | undefined {
  for (const line of later) {
    const { entry } = line;
    if (entry.runbook !== runbook || entry.step !== step || entry.phase !== phase) continue;
    const finished = factsOf(line, "finished");
    if (finished !== undefined) return endText(finished.end);
    if (entry.type === "started") return undefined;
  }
  return undefined;
}
