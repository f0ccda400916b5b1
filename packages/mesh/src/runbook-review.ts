import { mkdir } from "node:fs/promises";
import { join, relative, resolve } from "node:path";
import { idSuffix, type Memo, newId, withHeader } from "@memomesh/core";
import { completeMemo, readBody } from "@memomesh/core/markdown";
import { findMemo } from "@memomesh/mailbox";
import {
  beginReview,
  continueReview,
  endReview,
  journalFile,
  markReviewed,
  openRunbook,
  type Person,
  type Review,
  type ReviewedStep,
  type ReviewOptions,
  type RunbookProgress,
  readJournal,
  recordFile,
  runbookProgress,
  type StepChange,
} from "@memomesh/runbooks";
import { applyChange, type Change, settleChange } from "./change.ts";
import type { History } from "./history.ts";
import type { Mesh } from "./load.ts";
import { archiveEdits, type MemoFile, readMemoFile, sentMemo } from "./memo-file.ts";
import { type RunbookFile, runbookRequest } from "./runbook-files.ts";
import { stateEdits } from "./state-edits.ts";

/**
 * A person's work on one runbook: what the runbooks package does, with the history and the memo that asked for it.
 *
 * After each action `refresh` is called, so that the next decision is made on what is there by then.
 */
export class RunbookReview {
  readonly #mesh: Mesh;
  readonly #file: RunbookFile;
  readonly #history: History;
  /** How each step differs from what was shown at the last review, by number. */
  readonly #changes: ReadonlyMap<number, StepChange>;
  #review: Review;

  private constructor(mesh: Mesh, file: RunbookFile, history: History, review: Review) {
    this.#mesh = mesh;
    this.#file = file;
    this.#history = history;
    this.#review = review;
    this.#changes = review.reviewed.difference.steps;
  }

  /**
   * Reads the runbook once, takes it for this person and notes that it was shown.
   *
   * @throws MeshError `runbook.*` when it cannot be read exactly, `runbook.held` (exit 75) when somebody else reviews it
   */
  static async open(mesh: Mesh, file: RunbookFile, history: History, options: ReviewOptions): Promise<RunbookReview> {
    const reviewed = await openRunbook(runbookRequest(mesh, file));
    const review = await beginReview(reviewed, options);
    await makeTargetFolders(mesh, reviewed.steps);
    const opened = new RunbookReview(mesh, file, history, review);
    await markReviewed(reviewed, options.by, options.clock);
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
    return { ...step, change: this.#changes.get(number) ?? step.change };
  }

  async progress(): Promise<RunbookProgress> {
    const { events } = await readJournal(journalFile(this.#file.path));
    return runbookProgress(events, this.#review.reviewed.runbook);
  }

  /** Looks again at everything around the runbook; the bytes stay those that were shown. */
  async refresh(): Promise<void> {
    this.#review = await continueReview(this.#review, runbookRequest(this.#mesh, this.#file));
  }

  /** Puts what was decided on a step into the history. */
  recordStep(number: number, what: string): void {
    const { step, digest } = this.step(number);
    const { runbook } = this.#review.reviewed;
    this.#history.record(this.#paths(), {
      subject: `${what} step ${number} of "${runbook.title}"`,
      body: step.title,
      trailers: [
        ...(runbook.memo === undefined ? [] : [["Memo-Id", runbook.memo] as const]),
        ["Node", this.#file.node.id],
        ["Runbook", relative(this.#file.node.folder, this.#file.path)],
        ...(digest === undefined ? [] : [["Step-Digest", digest] as const]),
        ["Approved-By", personText(this.#review.by)],
      ],
    });
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
   */
  async complete(waiting: MemoFile, done: readonly number[]): Promise<void> {
    const { node } = this.#file;
    const { by, reviewed } = this.#review;
    const at = new Date();
    const record = relative(node.folder, recordFile(this.#file.path));
    const progress = await this.progress();
    const { memo } = waiting;
    const notes = `${personText(by)} carried out the runbook "${reviewed.runbook.title}": ${progress.fulfilled} of ${progress.total} steps are in place. What was decided and what it did is in \`${record}\`.`;
    const completed = completeMemo(memo, {
      by: by.name,
      at: at.toISOString(),
      notes,
      done,
      runbook: relative(node.folder, this.#file.path),
    });
    const edits = [
      ...archiveEdits(node, waiting, withHeader(completed, { status: "done" }), at),
      ...(await stateEdits(
        node,
        {
          progress: [`${memo.header.subject}: carried out by ${by.name} (${record})`],
          handover: `"${memo.header.subject}" is done; its record is ${record}.`,
        },
        at,
      )),
      ...this.#tellSender(memo, notes, at),
    ];
    const change: Change = {
      id: newId(at.getTime()),
      within: node.folder,
      edits,
      commit: {
        subject: `Complete "${memo.header.subject}"`,
        body: notes,
        trailers: [
          ["Memo-Id", memo.header.id ?? ""],
          ["Memo-From", memo.header.from ?? "operator"],
          ["Node", node.id],
          ["Runbook", relative(node.folder, this.#file.path)],
          ["Approved-By", personText(by)],
        ],
      },
    };
    const journal = join(this.#mesh.root, ".memomesh", "journal");
    await applyChange(change, journal);
    this.#history.record([...edits.map(({ path }) => path), ...this.#paths()], change.commit, () =>
      settleChange(change.id, journal),
    );
  }

  /** Gives the runbook free. What was not decided waits as it was. */
  async close(): Promise<void> {
    await endReview(this.#review);
    await this.#history.flush();
  }

  #tellSender(memo: Memo, notes: string, at: Date) {
    const { from, subject, id } = memo.header;
    if (from === undefined || from === "mesh" || from === "operator" || !this.#mesh.nodes.has(from)) return [];
    const notice = {
      to: [from],
      subject: `Done: ${subject}`,
      type: "notice",
      priority: "normal",
      body: notes,
    } as const;
    return [sentMemo(this.#file.node, notice, id, at).edit];
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

/** `Ada Example <ada@example.com>` */
export function personText({ name, email }: Person): string {
  return email === "" ? name : `${name} <${email}>`;
}

/** A local target below the mesh's own folder is made when it is not there yet; others are the operator's to make. */
async function makeTargetFolders(mesh: Mesh, steps: readonly ReviewedStep[]): Promise<void> {
  for (const { target } of steps) {
    if (target === undefined || !resolve(target.path).startsWith(`${mesh.root}/`)) continue;
    await mkdir(target.path, { recursive: true });
  }
}

/** The reference by which commands name a memo. */
export function memoReference(memo: Memo): string {
  return idSuffix(memo.header.id ?? "");
}
