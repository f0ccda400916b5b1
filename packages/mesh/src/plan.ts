import { readFile } from "node:fs/promises";
import { join } from "node:path";
import {
  type Changeset,
  type Memo,
  MeshError,
  type Opinion,
  type OutgoingMemo,
  sha256,
  withHeader,
} from "@memomesh/core";
import { completeMemo } from "@memomesh/core/markdown";
import type { CommitText } from "@memomesh/mailbox";
import { BaseChanged, type Change, type FileEdit } from "./change.ts";
import { lessonEdits } from "./lesson-edits.ts";
import type { MeshNode } from "./load.ts";
import { archiveEdits, type MemoFile, sentMemo } from "./memo-file.ts";
import { opinionEdits } from "./opinion-edits.ts";
import { proposalEdits } from "./proposals/propose.ts";
import { stateEdits } from "./state-edits.ts";

/** What a session has come to, before any of it is applied. */
export interface SessionResult {
  readonly node: MeshNode;
  readonly memo: MemoFile;
  /** Answers that the session has read; they are archived together with the changeset. */
  readonly answers: readonly MemoFile[];
  readonly changeset: Changeset;
  /** What a second agent thinks of its runbook; undefined when none was asked. */
  readonly opinion: Opinion | undefined;
  readonly at: Date;
}

/**
 * Turns a changeset into edits of files: what the session wrote, its runbook, STATE.md, the memos it sends, and the memo
 * itself, which is archived or waits with a new status.
 *
 * @throws BaseChanged when something that the session read has changed since
 * @throws MeshError `changeset.unread` when it would overwrite a file that it never read
 */
export async function planSession(result: SessionResult, commit: CommitText): Promise<Change> {
  const { node, changeset, opinion, answers, at } = result;
  await checkBase(node, changeset);
  const { outcome, state } = changeset;
  const sent = changeset.memos.map((each) => send(each, result));
  const question = outcome.kind === "asked" ? send(outcome.question, result) : undefined;
  const edits = [
    ...fileEdits(node, changeset),
    ...(await opinionEdits(node, changeset, opinion, at)),
    ...(state === undefined ? [] : await stateEdits(node, state, at)),
    ...(await lessonEdits(node, changeset, at)),
    ...sent.map(({ edit }) => edit),
    ...(await proposalEdits(result)),
    ...(question === undefined ? [] : [question.edit]),
    ...memoEdits(result, question?.id),
    ...answers.flatMap((each) => archiveEdits(node, each, withHeader(each.memo.source, { status: "done" }), at)),
  ];
  return { id: changeset.session, within: node.folder, edits: edits.filter(changesSomething), commit };
}

function fileEdits(node: MeshNode, { files, outcome, base }: Changeset): FileEdit[] {
  const runbook = outcome.kind === "prepared" ? [{ path: outcome.runbook.path, content: outcome.runbook.source }] : [];
  return [...files, ...runbook].map((file) => ({
    path: join(node.folder, file.path),
    before: base[file.path] ?? null,
    after: file.content,
    ...("executable" in file && file.executable ? { executable: true } : {}),
  }));
}

function send(outgoing: OutgoingMemo, { node, memo, at }: SessionResult): { id: string; edit: FileEdit } {
  const { header } = memo.memo;
  return sentMemo(node, outgoing, header, outgoing.re ?? (outgoing.answers === false ? undefined : header.id), at);
}

/** What becomes of the memo: it waits for an answer, it waits for its runbook, or it is archived. */
function memoEdits(result: SessionResult, question: string | undefined): FileEdit[] {
  const { node, memo: file, changeset, at } = result;
  const { outcome } = changeset;
  const { path, memo } = file;
  const before = sha256(memo.source);
  const answers = answersHeader(result);
  switch (outcome.kind) {
    case "asked":
      return [{ path, before, after: withHeader(memo.source, { status: "asked", question, ...answers }) }];
    case "prepared": {
      const status = { status: "prepared", question: undefined, runbook: outcome.runbook.path, ...answers };
      return [{ path, before, after: withHeader(completed(memo, changeset, at), status) }];
    }
    default: {
      const status = { status: outcome.kind, question: undefined, ...answers };
      return archiveEdits(node, file, withHeader(completed(memo, changeset, at), status), at);
    }
  }
}

function completed(memo: Memo, { node, agent, model, outcome, usage }: Changeset, at: Date): string {
  const { notes } = outcome;
  return completeMemo(memo, {
    by: node,
    agent,
    at: at.toISOString(),
    notes,
    done: "done" in outcome ? outcome.done : [],
    ...(model === undefined ? {} : { model }),
    ...(usage === undefined ? {} : { usage }),
    ...("unknown" in outcome ? { unknown: outcome.unknown } : {}),
    ...(outcome.kind === "prepared" ? { runbook: outcome.runbook.path } : {}),
  });
}

/** The header line in which a memo keeps the ids of the answers that it has got, so that later sessions find them. */
function answersHeader({ memo, answers }: SessionResult): { answers?: readonly string[] } {
  const ids = answers.flatMap((answer) => answer.memo.header.id ?? []);
  return ids.length === 0 ? {} : { answers: [...(memo.memo.header.answers ?? []), ...ids] };
}

async function checkBase(node: MeshNode, { base, files, wish }: Changeset): Promise<void> {
  for (const [path, digest] of Object.entries(base)) {
    if ((await digestOf(join(node.folder, path))) !== digest) throw new BaseChanged(path);
  }
  for (const { path } of [...files, ...(wish?.files ?? [])]) {
    if (path in base || (await digestOf(join(node.folder, path))) === null) continue;
    throw new MeshError(
      "changeset.unread",
      `the session would overwrite ${path}, which it has not read; nothing was applied`,
    );
  }
}

async function digestOf(path: string): Promise<string | null> {
  try {
    return sha256(await readFile(path));
  } catch (error) {
    if (["ENOENT", "ENOTDIR", "EISDIR"].includes((error as NodeJS.ErrnoException).code ?? "")) return null;
    throw error;
  }
}

function changesSomething({ before, after }: FileEdit): boolean {
  return before !== (after === null ? null : sha256(after));
}
