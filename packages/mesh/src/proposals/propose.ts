import { join } from "node:path";
import {
  type Changeset,
  type FileChange,
  fenceMarks,
  idSuffix,
  newId,
  type ProposedFile,
  printProposal,
  proposalPath,
  quotation,
  sha256,
} from "@memomesh/core";
import { redact, safeText } from "@memomesh/guard";
import { unifiedDifference } from "@memomesh/runbooks";
import type { FileEdit } from "../change.ts";
import { textOf } from "../create.ts";
import type { MeshNode } from "../load.ts";
import { type MemoFile, sentMemo } from "../memo-file.ts";

/** The most that the memo shows: lines of one difference, characters of a line. `memomesh proposal show` has all of it. */
const mostLines = 200;
const longestLine = 400;

interface Wished {
  readonly node: MeshNode;
  readonly memo: MemoFile;
  readonly changeset: Changeset;
  readonly at: Date;
}

/**
 * The edits that put a session's wish before the operator: the exact bytes, kept in `memos/proposals/`, where no changeset
 * writes, and one memo that shows the difference and names the SHA-256 of what is kept.
 */
export async function proposalEdits({ node, memo, changeset, at }: Wished): Promise<FileEdit[]> {
  const { wish, agent, outcome } = changeset;
  const files = await Promise.all((wish?.files ?? []).map((file) => wished(node, file)));
  const changing = files.filter(({ before, after }) => before !== after);
  if (changing.length === 0) return [];
  const proposed = changing.map(({ path, before, after, executable }): ProposedFile => {
    const base = before === undefined ? null : (changeset.base[path] ?? null);
    return { path, before: base, after: after ?? null, ...(executable ? { executable } : {}) };
  });
  const kept = printProposal({ node: node.id, memo: changeset.memo, agent, files: proposed });
  const id = newId(at.getTime());
  const names = changing.map(({ path }) => path);
  const outgoing = {
    to: ["operator"],
    subject: `Proposal: change ${names.slice(0, 3).join(", ")}${names.length > 3 ? ` and ${names.length - 3} more` : ""}`,
    type: "review",
    priority: memo.memo.header.priority,
    body: [...opening(node.id, idSuffix(id), outcome.notes), ...changing.map(section)].join("\n\n"),
    ...(wish?.origin === undefined ? {} : { origin: wish.origin }),
    proposal: sha256(kept),
  } as const;
  const { edit } = sentMemo(node, outgoing, memo.memo.header, undefined, at, id);
  return [{ path: proposalPath(node.folder, id), before: null, after: kept }, edit];
}

interface WishedFile {
  readonly path: string;
  readonly before: string | undefined;
  readonly after: string | undefined;
  readonly executable: boolean;
  readonly reason: string;
}

async function wished({ folder }: MeshNode, file: FileChange): Promise<WishedFile> {
  const { path, content, executable = false, reason = "" } = file;
  return { path, before: await textOf(join(folder, path)), after: content ?? undefined, executable, reason };
}

function opening(node: string, id: string, notes: string): string[] {
  return [
    `${node} wants to change files that steer agents, and only a person decides on those. Nothing of it is changed yet.`,
    `\`memomesh proposal show ${id}\` marks what misleads; then \`memomesh proposal accept ${id}\`, or \`memomesh proposal reject ${id} --reason "…"\`.`,
    "## What the session says",
    quotation(notes),
  ];
}

/** The difference as it is shown: what hides is made visible, and what looks like a secret is taken out. */
function section({ path, before, after, executable, reason }: WishedFile): string {
  const [old, now] = [before, after].map((text) => (text === undefined ? undefined : redact(text)));
  const lines = unifiedDifference(path, old, now).map(({ text }) => safeText(text).slice(0, longestLine));
  const shown = lines.slice(0, mostLines).join("\n");
  const more = lines.length > mostLines ? `\n\n${lines.length - mostLines} more lines are not shown here.` : "";
  const fence = fenceMarks(shown);
  const runs = executable ? " (may be run as a program)" : "";
  const why = reason === "" ? "" : `${quotation(reason)}\n\n`;
  return `## ${path}${runs}\n\n${why}${fence}diff\n${shown}\n${fence}${more}`;
}
