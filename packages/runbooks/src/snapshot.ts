import { relative, resolve } from "node:path";
import {
  type FileDigest,
  placesOf,
  type Runbook,
  type SingleTarget,
  type Step,
  type StepTarget,
  sha256,
  stepDigest,
} from "@memomesh/core";
import { parseRunbook } from "@memomesh/core/markdown";
import type { Decision, OwnPrograms } from "@memomesh/guard";
import {
  type Approval,
  concerns,
  covers,
  credibleApprovals,
  inTime,
  ofDifferentPeople,
  pendingApprovals,
} from "./approval.ts";
import { type Environment, missingVariables } from "./environment.ts";
import type { GateVerdict } from "./gate-rule.ts";
import { pinnedKeys } from "./host-keys.ts";
import { type Journal, readJournal } from "./journal.ts";
import { type FoundOpinion, readOpinion, type StepOpinion, stepOpinion } from "./kept-opinion.ts";
import { journalFile } from "./layout.ts";
import { type Holder, runbookHolder } from "./lock.ts";
import { digestNamedFiles, type FolderSize } from "./named-files.ts";
import { readSource } from "./read-source.ts";
import { type ReviewDifference, reviewDifference, type StepChange } from "./review-difference.ts";
import type { Signatures } from "./signature.ts";
import { stepProblems } from "./step-problems.ts";
import { type StepRisk, stepRisk } from "./step-risk.ts";
import { type StepState, standing, stepStates, turnOf } from "./step-state.ts";
import { stepText } from "./step-text.ts";

/** Where a runbook is and what its steps are judged by. */
export interface RunbookRequest {
  /** Absolute. */
  readonly meshRoot: string;
  /** Id of the node that the runbook belongs to, whatever the runbook says. */
  readonly node: string;
  /** Absolute folder of that node. */
  readonly nodeFolder: string;
  /** The runbook's file, absolute or relative to the node's folder. */
  readonly path: string;
  readonly targets: Readonly<Record<string, StepTarget>>;
  /** The operator's variables; only the names that steps ask for are looked at. */
  readonly environment: Environment;
  /** Which files of the mesh (relative to it) the runbook's steps may name in their needs. */
  readonly allowedFiles: (path: string) => Decision;
  /** What mesh.yml says about programs. */
  readonly programs?: OwnPrograms;
  /** Fingerprints of what looks like a secret and was taken for none; see `findSecrets`. */
  readonly allowedSecrets?: readonly string[];
  /** How long an approval counts, in hours. */
  readonly approvalHours: number;
  /** What is asked of the signatures of approvals; absent: nothing. */
  readonly signatures?: Signatures | undefined;
  /** Scores the bytes that are shown; absent where nobody decides on them, for it takes a while. */
  readonly judge?: (source: string) => Promise<GateVerdict>;
  readonly clock?: () => Date;
}

/** One step as it is put before a reviewer, and as it will run if they approve it. */
export interface ReviewedStep {
  readonly step: Step;
  /** Undefined when mesh.yml has no such target. */
  readonly target: StepTarget | undefined;
  readonly files: readonly FileDigest[];
  /** How much a step that uploads sends; undefined when its folder is none, and for all other steps. */
  readonly sends: FolderSize | undefined;
  /** The operator's variables that the step gets. */
  readonly variables: readonly { readonly name: string; readonly present: boolean }[];
  readonly risk: StepRisk;
  /** What a second agent says about it. */
  readonly opinion: StepOpinion | undefined;
  /** What an approval is bound to; undefined when the step cannot be approved. */
  readonly digest: string | undefined;
  /** The step in lines of text, as later differences are shown. */
  readonly text: string;
  /** Why the step cannot be approved, in sentences; empty when it can. */
  readonly problems: readonly string[];
  readonly state: StepState;
  /** Those that count now, of different people, oldest first. */
  readonly approvals: Readonly<Record<"run" | "undo", readonly Approval[]>>;
  /** An approval that does not count any more, because the step was changed or run since, or because of the clock. */
  readonly lapsed: Approval | undefined;
  /** See `turnOf`. */
  readonly turn: number;
  /** How it differs from what was reviewed last. */
  readonly change: StepChange;
}

/** A runbook read once. What is shown of it, approved and run is this value, whatever the file holds by then. */
export interface ReviewedRunbook {
  readonly meshRoot: string;
  /** Id of the node whose runbook it is. */
  readonly node: string;
  /** Absolute. */
  readonly path: string;
  readonly runbook: Runbook;
  /** Of the bytes that were read. */
  readonly sourceDigest: string;
  readonly steps: readonly ReviewedStep[];
  readonly journal: Journal;
  /** Who is at it now, this process included. */
  readonly holder: Holder | undefined;
  readonly difference: ReviewDifference;
  /** What a second agent thinks of it; undefined when none was asked. */
  readonly opinion: FoundOpinion | undefined;
  /** What the quality gate gives it; undefined when it was not asked. */
  readonly gate: GateVerdict | undefined;
  /** See {@link RunbookRequest}. */
  readonly allowedSecrets: readonly string[];
  /** How long an approval counts, in hours. */
  readonly approvalHours: number;
  /** See {@link RunbookRequest}. */
  readonly signatures: Signatures | undefined;
}

/**
 * Reads a runbook for a review: its bytes, once; then all that decides what its steps will do.
 *
 * @throws MeshError `runbook.*` with file and line when it cannot be read exactly, `journal.*` when its journal cannot
 */
export async function openRunbook(request: RunbookRequest): Promise<ReviewedRunbook> {
  const path = resolve(request.nodeFolder, request.path);
  return examine(path, await readSource(path, shownName(path, request)), request);
}

/**
 * Looks again at everything around a runbook (named files, variables, journal, approvals) and keeps the bytes that were
 * read: for the next step of a review, after an earlier one has run.
 */
export async function refreshRunbook(reviewed: ReviewedRunbook, request: RunbookRequest): Promise<ReviewedRunbook> {
  return examine(reviewed.path, reviewed.runbook.source, request);
}

async function examine(path: string, source: string, request: RunbookRequest): Promise<ReviewedRunbook> {
  const runbook = parseRunbook(source, shownName(path, request));
  const { meshRoot, node, approvalHours, signatures, allowedSecrets = [], clock = () => new Date() } = request;
  const terms = { hours: approvalHours, now: clock() };
  const journal = await readJournal(journalFile(path));
  const approvals = await credibleApprovals(await pendingApprovals(meshRoot, runbook.id), signatures);
  const holder = await runbookHolder(meshRoot, runbook.id);
  const opinion = await readOpinion(path, runbook);
  const gate = await request.judge?.(source);
  const facts = await Promise.all(
    runbook.steps.map((step) => examineStep(step, runbook, stepOpinion(opinion, step.number), request)),
  );
  const difference = reviewDifference(journal.events, facts);
  const states = stepStates(journal.events);
  const steps = facts.map((fact): ReviewedStep => {
    const { number } = fact.step;
    const turn = turnOf(journal.events, number);
    const about = { runbook: runbook.id, step: number, digest: fact.digest ?? "", turn, text: fact.text };
    const counting = (action: "run" | "undo") => {
      const subject = { ...about, action, risk: fact.risk[action] };
      return ofDifferentPeople(approvals.filter((each) => covers(each, subject) && inTime(each, terms)));
    };
    const given = { run: counting("run"), undo: counting("undo") };
    const state = currentState(states.get(number) ?? { state: "pending" }, given.run.at(-1), holder);
    const lapsed = approvals.findLast(
      (each) => concerns(each, { ...about, action: "run" }) && !given.run.includes(each),
    );
    return {
      ...fact,
      turn,
      state,
      approvals: given,
      lapsed: given.run.length > 0 ? undefined : lapsed,
      change: difference.steps.get(number) ?? { kind: "new" },
    };
  });
  return {
    meshRoot,
    node,
    path,
    runbook,
    sourceDigest: sha256(source),
    steps,
    journal,
    holder,
    difference,
    opinion,
    gate,
    allowedSecrets,
    approvalHours,
    signatures,
  };
}

type StepFacts = Omit<ReviewedStep, "state" | "approvals" | "lapsed" | "turn" | "change">;

async function examineStep(
  step: Step,
  runbook: Runbook,
  opinion: StepOpinion | undefined,
  request: RunbookRequest,
): Promise<StepFacts> {
  const { meshRoot, targets, environment, allowedFiles, programs } = request;
  const name = step.target ?? runbook.target;
  const named = Object.hasOwn(targets, name) ? targets[name] : undefined;
  const target = named && (await withKeys(named));
  const files = await digestNamedFiles(meshRoot, step.needs.files, allowedFiles);
  const problems = [
    ...(target === undefined ? [`its target "${name}" is not in mesh.yml.`] : []),
    ...(target === undefined ? [] : placesOf(target)).flatMap(unpinned),
    ...files.problems,
    ...stepProblems(step),
  ];
  const missing = missingVariables(step, environment);
  return {
    step,
    target,
    files: files.digests,
    sends: step.upload && files.folders.get(step.upload.from),
    variables: step.needs.env.map((variable) => ({ name: variable, present: !missing.includes(variable) })),
    // An opinion on another text says nothing about this one.
    risk: stepRisk(step, {
      programs,
      second: opinion?.stale === false ? opinion.risk : undefined,
      production: target?.production,
    }),
    opinion,
    digest:
      target === undefined || problems.length > 0 ? undefined : stepDigest(step, target, files.digests, runbook.id),
    text: stepText(step, target, files.digests),
    problems,
  };
}

async function withKeys(target: StepTarget): Promise<StepTarget> {
  if (target.kind === "local") return target;
  if (target.kind === "ssh") return { ...target, keys: await pinnedKeys(target) };
  return { ...target, members: (await Promise.all(target.members.map(withKeys))).flatMap(placesOf) };
}

function unpinned(target: SingleTarget): string[] {
  if (target.kind !== "ssh" || target.keys.length > 0) return [];
  const { name, host, jump, knownHosts } = target;
  const hosts = jump === undefined ? host : `${host} or ${jump}`;
  const where = `no key of ${hosts}, its target "${name}", is pinned in ${knownHosts}`;
  return [`${where}; look at the key on the host and put it there.`];
}

/** The name that errors give, as seen from the mesh. */
function shownName(path: string, { meshRoot }: RunbookRequest): string {
  return relative(meshRoot, path);
}

/** The journal knows that there was an approval; whether it still counts only its own file tells. */
function currentState(told: StepState, approval: Approval | undefined, holder: Holder | undefined): StepState {
  const before = standing(told);
  if (before.state === "uncertain" && isAnother(holder, before.executor)) return { state: "running", standing: before };
  if (approval === undefined) return before;
  const { id, at, by, digest } = approval;
  return { state: "approved", approval: id, at, by, digest, before };
}

/** A step that this process left uncertain is not running; one that a living reviewer has started is. */
function isAnother(holder: Holder | undefined, executor: number): boolean {
  return holder !== undefined && holder.pid === executor && holder.pid !== process.pid;
}
