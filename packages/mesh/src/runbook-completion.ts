import { relative } from "node:path";
import { newId, withHeader } from "@memomesh/core";
import { completeMemo } from "@memomesh/core/markdown";
import { type Person, type RunbookProgress, recordFile } from "@memomesh/runbooks";
import type { Change, FileEdit } from "./change.ts";
import { readInbox } from "./inbox.ts";
import type { Mesh, MeshNode } from "./load.ts";
import { archiveEdits, type MemoFile, sentMemo } from "./memo-file.ts";
import { stateEdits } from "./state-edits.ts";

/** A runbook that a person has carried out, and the memo that asked for it. */
export interface CarriedOut {
  readonly node: MeshNode;
  readonly memo: MemoFile;
  readonly runbook: { readonly path: string; readonly title: string };
  readonly progress: RunbookProgress;
  readonly by: Person;
  /** Indices of the action items that are done now. */
  readonly done: readonly number[];
}

/** What has to be written when a runbook is carried out: the memo is completed and archived, its sender told, STATE.md brought up to date. */
export async function planCompletion(mesh: Mesh, carriedOut: CarriedOut, at: Date): Promise<Change> {
  const { node, memo, runbook, by, done } = carriedOut;
  const { id = "", from = "operator", subject } = memo.memo.header;
  const path = relative(node.folder, runbook.path);
  const record = relative(node.folder, recordFile(runbook.path));
  const notes = notesOf(carriedOut, record);
  const completed = completeMemo(memo.memo, { by: by.name, at: at.toISOString(), notes, done, runbook: path });
  const report = {
    status: await statusOf(node, id, subject, at),
    progress: [`${subject}: carried out by ${by.name} (${record})`],
    handover: `"${subject}" is done; its record is \`${record}\`.`,
  };
  return {
    id: newId(at.getTime()),
    within: node.folder,
    edits: [
      ...archiveEdits(node, memo, withHeader(completed, { status: "done" }), at),
      ...(await stateEdits(node, report, at)),
      ...noticeEdits(mesh, carriedOut, notes, at),
    ],
    commit: {
      subject: `Complete "${subject}"`,
      body: notes,
      trailers: [
        ["Memo-Id", id],
        ["Memo-From", from],
        ["Node", node.id],
        ["Runbook", path],
        ["Approved-By", personText(by)],
      ],
    },
  };
}

function notesOf({ by, runbook, progress: { fulfilled, total } }: CarriedOut, record: string): string {
  return `${personText(by)} carried out the runbook "${runbook.title}": ${fulfilled} of ${total} steps are in place. What was decided and what it did is in \`${record}\`.`;
}

async function statusOf(node: MeshNode, id: string, subject: string, at: Date): Promise<string> {
  const inbox = await readInbox(node);
  const others = inbox.filter(({ memo: { header } }) => header.status === "prepared" && header.id !== id).length;
  const waits = others === 0 ? "No runbook waits for review." : `${others} more wait for review.`;
  return `"${subject}" was carried out on ${at.toISOString().slice(0, 10)}. ${waits}`;
}

/** The sender hears that it is done; the operator, who did it, need not be told. */
function noticeEdits(mesh: Mesh, { node, memo }: CarriedOut, notes: string, at: Date): FileEdit[] {
  const { from = "operator", id, subject } = memo.memo.header;
  if (from === "operator" || !mesh.nodes.has(from)) return [];
  const notice = {
    to: [from],
    subject: `Done: ${subject}`,
    type: "notice",
    priority: "normal",
    body: notes,
  } as const;
  return [sentMemo(node, notice, memo.memo.header, id, at).edit];
}

/** `Ada Example <ada@example.com>` */
export function personText({ name, email }: Person): string {
  return email === "" ? name : `${name} <${email}>`;
}
