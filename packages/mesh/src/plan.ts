import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { type Changeset, type Memo, MeshError, newId, type OutgoingMemo, archivedPath, memoFileName, parseMemo, printMemo, sha256, withHeader } from "@memomesh/core";
import { completeMemo, updateState } from "@memomesh/core/markdown";
import type { CommitText } from "@memomesh/mailbox";
import type { Change, FileEdit } from "./change.ts";
import { BaseChanged } from "./change.ts";
import type { MeshNode } from "./load.ts";

/** A memo and the file in which it lies. */
export interface MemoFile {
  readonly path: string;
  readonly memo: Memo;
}

export interface SessionResult {
  readonly node: MeshNode;
  readonly memo: MemoFile;
  /** Answers that this session has read; they are archived together with it. */
  readonly answers: readonly MemoFile[];
  readonly changeset: Changeset;
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
  const { node, changeset, memo, at } = result;
  await checkBase(node, changeset);
  const { outcome } = changeset;
  const sent = changeset.memos.map((each) => sentMemo(each, result));
  const question = outcome.kind === "asked" ? sentMemo(outcome.question, result) : undefined;
  const files = outcome.kind === "prepared" ? [...changeset.files, { path: outcome.runbook.path, content: outcome.runbook.source }] : changeset.files;
  const edits: FileEdit[] = [];
  for (const file of files) {
    const path = join(node.folder, file.path);
    const before = changeset.base[file.path] ?? null;
    edits.push({ path, before, after: file.content, ...(file.executable ? { executable: true } : {}) });
  }
  if (changeset.state) edits.push(...(await stateEdits(node, changeset.state, at)));
  edits.push(...[...sent, ...(question ? [question] : [])].map((each) => each.edit));
  edits.push(...memoEdits(result, question?.id));
  for (const answer of result.answers) {
    edits.push(...archiveEdits(node, answer, withHeader(answer.memo.source, { status: "done" }), at));
  }
  return { id: changeset.session, within: node.folder, edits: edits.filter(changesSomething), commit: { ...commit } };

  function memoEdits({ memo: { path, memo } }: SessionResult, asked: string | undefined): FileEdit[] {
    const before = sha256(memo.source);
    const answered = result.answers.flatMap((answer) => answer.memo.header.id ?? []);
    if (outcome.kind === "asked") {
      return [{ path, before, after: withHeader(memo.source, { status: "asked", question: asked, ...answersHeader(memo, answered) }) }];
    }
    if (outcome.kind === "prepared") {
      return [{ path, before, after: withHeader(memo.source, { status: "prepared", question: undefined, runbook: outcome.runbook.path, ...answersHeader(memo, answered) }) }];
    }
    const completed = completeMemo(memo, {
      by: node.id,
      agent: changeset.agent,
      ...(changeset.model === undefined ? {} : { model: changeset.model }),
      at: at.toISOString(),
      notes: outcome.notes,
      done: outcome.kind === "done" ? outcome.done : [],
      ...(outcome.kind === "done" ? { unknown: outcome.unknown } : {}),
    });
    return archiveEdits(node, { path, memo }, withHeader(completed, { status: outcome.kind, question: undefined, ...answersHeader(memo, answered) }), at);
  }
}

/** The header line in which a memo keeps the ids of the answers that it has got. */
function answersHeader(memo: Memo, answered: readonly string[]): { answers?: readonly string[] } {
  const before = answersOf(memo);
  return answered.length === 0 ? {} : { answers: [...before, ...answered] };
}

/** Ids of the answers that a waiting memo has already got. */
export function answersOf(memo: Memo): readonly string[] {
  return memo.header.answers ?? [];
}

/** Moves a memo from the inbox to the archive in its completed form. */
export function archiveEdits(node: MeshNode, file: MemoFile, completed: string, at: Date): FileEdit[] {
  return [
    { path: archivedPath(node.folder, at, file.path), before: null, after: completed },
    { path: file.path, before: sha256(file.memo.source), after: null },
  ];
}

/** The edits that bring STATE.md up to date, made from its content of this moment. */
export async function stateEdits(node: MeshNode, change: NonNullable<Changeset["state"]>, at: Date): Promise<FileEdit[]> {
  const path = join(node.folder, "STATE.md");
  const current = await readText(path);
  const { source, moved } = updateState(current ?? "", { at: at.toISOString(), ...change });
  const edits: FileEdit[] = [{ path, before: current === undefined ? null : sha256(current), after: source }];
  if (moved.length > 0) {
    const month = join(node.folder, "docs", "progress", `${at.toISOString().slice(0, 7)}.md`);
    const older = await readText(month);
    const text = `${older ?? `# Progress moved out of STATE.md in ${at.toISOString().slice(0, 7)}\n\n`}${moved.join("\n")}\n`;
    edits.push({ path: month, before: older === undefined ? null : sha256(older), after: text });
  }
  return edits;
}

function sentMemo(outgoing: OutgoingMemo, { node, memo, at }: SessionResult): { id: string; edit: FileEdit } {
  const answered = outgoing.re ?? (outgoing.answers === false ? undefined : memo.memo.header.id);
  return outgoingMemo(node, outgoing, answered, at);
}

/** A memo as a file in the sender's `outgoing/`, in the form that the router takes at once. */
export function outgoingMemo(node: MeshNode, outgoing: OutgoingMemo, re: string | undefined, at: Date): { id: string; edit: FileEdit } {
  const id = newId(at.getTime());
  const source = printMemo({
    id,
    from: node.id,
    to: outgoing.to,
    date: at.toISOString(),
    priority: outgoing.priority,
    type: outgoing.type,
    subject: outgoing.subject,
    body: outgoing.body,
    digest: true,
    ...(re === undefined ? {} : { re }),
  });
  const path = join(node.folder, "memos", "outgoing", memoFileName(outgoing.subject, at.toISOString(), id));
  return { id, edit: { path, before: null, after: source } };
}

async function checkBase(node: MeshNode, changeset: Changeset): Promise<void> {
  for (const [path, digest] of Object.entries(changeset.base)) {
    const now = await readText(join(node.folder, path));
    if ((now === undefined ? null : sha256(now)) !== digest) throw new BaseChanged(path);
  }
  for (const { path } of changeset.files) {
    if (path in changeset.base || (await readText(join(node.folder, path))) === undefined) continue;
    throw new MeshError("changeset.unread", `the session would overwrite ${path}, which it has not read; nothing was applied`);
  }
}

async function readText(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    if (["ENOENT", "ENOTDIR", "EISDIR"].includes((error as NodeJS.ErrnoException).code ?? "")) return undefined;
    throw error;
  }
}

function changesSomething(edit: FileEdit): boolean {
  return edit.before !== (edit.after === null ? null : sha256(edit.after));
}

/** Reads a memo file as it lies on the disk. */
export async function readMemoFile(path: string): Promise<MemoFile> {
  return { path, memo: parseMemo(await readFile(path, "utf8"), path) };
}
