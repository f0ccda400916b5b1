import { mkdir } from "node:fs/promises";
import { relative } from "node:path";
import { archivedPath, type Memo } from "@memomesh/core";
import { readBody } from "@memomesh/core/markdown";
import { findMemo } from "@memomesh/mailbox";
import {
  beginReview,
  continueReview,
  endReview,
  journalFile,
  markReviewed,
  openRunbook,
  overrideText,
  ownFolder,
  type Review,
  type ReviewDifference,
  type ReviewedStep,
  type ReviewOptions,
  type RunbookProgress,
  type RunbookRequest,
  readJournal,
  recordFile,
  runbookProgress,
} from "@memomesh/runbooks";
import { trailHead } from "@memomesh/runbooks/trail";
import { anchored } from "./audit/anchor.ts";
import type { History } from "./history.ts";
import { judgedRequest } from "./judged-request.ts";
import type { Mesh } from "./load.ts";
import { makeChange } from "./make-change.ts";
import { type MemoFile, readMemoFile } from "./memo-file.ts";
import { personText, planCompletion } from "./runbook-completion.ts";
import type { RunbookFile } from "./runbook-files.ts";
import { refuseSecrets } from "./secrets.ts";
import { stepVariables } from "./step-variables.ts";

/**
 * A person's work on one runbook: what the runbooks package does, with the history and the memo that asked for it.
 *
 * After each action `refresh` is called, so that the next decision is made on what is there by then.
 */
export class RunbookReview {
  readonly #mesh: Mesh;
  readonly #file: RunbookFile;
  readonly #history: History;
  readonly #request: RunbookRequest;
  /** How the runbook differs from what was shown at the last review. */
  readonly difference: ReviewDifference;
  #review: Review;
  /** How far the audit trail is in the history. */
  #recorded = 0;

  private constructor(mesh: Mesh, file: RunbookFile, history: History, request: RunbookRequest, review: Review) {
    this.#mesh = mesh;
    this.#request = request;
    this.#file = file;
    this.#history = history;
    this.#review = review;
    this.difference = review.reviewed.difference;
  }

  /**
   * Reads the runbook once, takes it for this person and notes that it was shown.
   *
   * @throws MeshError `runbook.*` when it cannot be read exactly, `runbook.secret` (exit 77) when it holds what looks like a
   *   secret, which the record would keep, `secret.*` when a value that a step needs cannot be had, `runbook.held` (exit 75) when somebody else reviews it
   */
  static async open(mesh: Mesh, file: RunbookFile, history: History, options: ReviewOptions): Promise<RunbookReview> {
    const judged = await judgedRequest(mesh, file);
    // Asked only where somebody decides.
    const key = judged.signatures === undefined ? undefined : await history.signingKey();
    const request = { ...judged, signatures: judged.signatures && { ...judged.signatures, key } };
    const reviewed = await openRunbook(request);
    await refuseSecrets(reviewed.runbook.source, reviewed.runbook.file, mesh.guard, "runbook.secret");
    const environment = await stepVariables(mesh, reviewed.runbook.steps, options.environment);
    const review = await beginReview(reviewed, { ...options, environment });
    await makeTargetFolders(mesh, reviewed.steps);
    const opened = new RunbookReview(mesh, file, history, request, review);
    await markReviewed(reviewed, options.by, options.clock);
    opened.#recorded = opened.#trail();
    await opened.refresh();
    return opened;
  }

  get current(): Review {
    return this.#review;
  }

  get title(): string {
    return this.#review.reviewed.runbook.title;
  }

  /** A step as it is now, with its difference from the last review. */
  step(number: number): ReviewedStep {
    const step = this.#review.reviewed.steps[number - 1] as ReviewedStep;
    return { ...step, change: this.difference.steps.get(number) ?? step.change };
  }

  async progress(): Promise<RunbookProgress> {
    const { events } = await readJournal(journalFile(this.#file.path));
    return runbookProgress(events, this.#review.reviewed.runbook);
  }

  /**
   * Looks again at everything around the runbook; the bytes stay those that were shown.
   *
   * @param signal ends the commands that run from now on; without it, that of before still does
   */
  async refresh(signal?: AbortSignal): Promise<void> {
    const attended = signal === undefined ? this.#review : { ...this.#review, signal };
    this.#review = await continueReview(attended, this.#request);
  }

  /** Puts what was decided on a step into the history. */
  recordStep(number: number, what: string): void {
    const { step, digest } = this.step(number);
    const { runbook } = this.#review.reviewed;
    const override = this.#override();
    const { text, paths } = anchored(this.#mesh.root, {
      subject: `${what} step ${number} of "${runbook.title}"`,
      body: step.title,
      trailers: [
        ...(runbook.memo === undefined ? [] : [["Memo-Id", runbook.memo] as const]),
        ["Node", this.#file.node.id],
        ["Runbook", relative(this.#file.node.folder, this.#file.path)],
        ...(digest === undefined ? [] : [["Step-Digest", digest] as const]),
        ["Approved-By", personText(this.#review.by)],
        ...(override === undefined ? [] : [["Gate-Override", override] as const]),
      ],
    });
    this.#history.record([...this.#paths(), ...paths], text);
    this.#recorded = this.#trail();
  }

  /** Why this person approves what the gate does not let pass; undefined where it does. */
  #override(): string | undefined {
    const { override, reviewed } = this.#review;
    const { gate } = reviewed;
    if (override === undefined || gate === undefined || gate.passed) return undefined;
    return overrideText({ ...gate, reason: override }).replace(/\s+/g, " ");
  }

  /** The memo that asked for this runbook, while it waits for it. */
  async waitingMemo(): Promise<MemoFile | undefined> {
    const { memo } = this.#review.reviewed.runbook;
    const path = memo === undefined ? undefined : await findMemo(this.#file.node, memo);
    const file = path === undefined ? undefined : await readMemoFile(path);
    return file?.memo.header.status === "prepared" ? file : undefined;
  }

  /**
   * Completes and archives the memo that asked for the runbook, tells its sender, and brings STATE.md up to date.
   *
   * @param done indices of the action items that are done now
   * @returns where the memo is archived; absolute
   */
  async complete(waiting: MemoFile, done: readonly number[]): Promise<string> {
    const { by, reviewed } = this.#review;
    const { node, path } = this.#file;
    const runbook = { path, title: reviewed.runbook.title };
    const carriedOut = { node, memo: waiting, runbook, progress: await this.progress(), by, done };
    const at = new Date();
    await makeChange(this.#mesh.root, this.#history, await planCompletion(this.#mesh, carriedOut, at), this.#paths());
    this.#recorded = this.#trail();
    return archivedPath(node.folder, at, waiting.path);
  }

  /** Gives the runbook free. What was not decided waits as it was. */
  async close(): Promise<void> {
    await endReview(this.#review);
    this.#recordRest();
    await this.#history.flush();
  }

  /** Puts into the history what was decided on no step, such as that the person stopped, so that the trail's end is guarded. */
  #recordRest(): void {
    if (this.#trail() === this.#recorded) return;
    const { id, folder } = this.#file.node;
    const { text, paths } = anchored(this.#mesh.root, {
      subject: `Record how far "${this.title}" was reviewed`,
      trailers: [
        ["Node", id],
        ["Runbook", relative(folder, this.#file.path)],
      ],
    });
    // The runbook itself may be what the person is still writing.
    this.#history.record([...this.#paths().slice(1), ...paths], text);
  }

  /** How many entries the node's audit trail has. */
  #trail(): number {
    return trailHead(this.#mesh.root, this.#file.node.id)?.n ?? 0;
  }

  #paths(): string[] {
    const { path } = this.#file;
    return [path, journalFile(path), recordFile(path)];
  }
}

/** Action items that a review can ask about: the memo's open ones. */
export function openItems(memo: Memo): { index: number; text: string }[] {
  return readBody(memo).items.filter(({ done }) => !done);
}

async function makeTargetFolders(mesh: Mesh, steps: readonly ReviewedStep[]): Promise<void> {
  for (const { target } of steps) {
    const folder = ownFolder(target, mesh.root);
    if (folder !== undefined) await mkdir(folder, { recursive: true });
  }
}
