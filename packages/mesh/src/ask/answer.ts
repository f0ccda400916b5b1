import { readFile } from "node:fs/promises";
import { relative } from "node:path";
import { type MemoHeader, rejectedFolder } from "@memomesh/core";
import { readBody } from "@memomesh/core/markdown";
import { findMemo, listMemos } from "@memomesh/mailbox";
import { textOf } from "../create.ts";
import type { Mesh, MeshNode } from "../load.ts";
import { type MemoFile, readMemoFile } from "../memo-file.ts";
import { runbookReference } from "../runbook-reference.ts";

/** What has become of a request so far, read from the files alone. */
export interface Answer {
  /** The memo's id. */
  readonly memo: string;
  readonly node: string;
  readonly subject: string;
  /** `waiting`: nobody has worked on it yet, or somebody does now. */
  readonly standing: "waiting" | "asked" | "prepared" | "failed" | "done" | "declined" | "rejected";
  /** Where the memo lies, relative to the mesh's root; absent while it is under way. */
  readonly file?: string;
  /** Markdown: what the memo's completion says, the question that is open, or why it failed; "" when there is nothing yet. */
  readonly text: string;
  /** Words for `memomesh review`. */
  readonly review?: string;
  /** The runbook, relative to the mesh's root. */
  readonly runbook?: string;
  /** Who is asked, and the id of the question. */
  readonly question?: { readonly id: string; readonly to: readonly string[] };
}

/** Reads how far a request has come. */
export async function readAnswer(mesh: Mesh, node: MeshNode, id: string): Promise<Answer> {
  const path = await findMemo(node, id);
  const file = path === undefined ? undefined : await readMemoFile(path).catch(() => undefined);
  // Moved to the archive in this moment: the next look finds it there.
  if (file === undefined) return rejection(mesh, node, id);
  const { header } = file.memo;
  const { status = "waiting", subject, runbook } = header;
  const question = status === "asked" ? await openQuestion(mesh, node, header) : undefined;
  return {
    memo: id,
    node: node.id,
    subject,
    standing: status,
    file: relative(mesh.root, file.path),
    text: question?.text ?? (status === "failed" ? await failure(mesh, subject) : completion(file)),
    ...(runbook === undefined || status !== "prepared"
      ? {}
      : { review: runbookReference(runbook), runbook: relative(mesh.root, `${node.folder}/${runbook}`) }),
    ...(question === undefined ? {} : { question: { id: question.id, to: question.to } }),
  };
}

function completion({ memo }: MemoFile): string {
  return readBody(memo).sections.findLast(({ heading }) => /^completion:?$/i.test(heading))?.text ?? "";
}

/** The question lies in the inbox of the one who is asked, or is on its way there. */
async function openQuestion(
  mesh: Mesh,
  node: MeshNode,
  { question: id }: MemoHeader,
): Promise<{ id: string; to: readonly string[]; text: string } | undefined> {
  if (id === undefined) return undefined;
  const sent = [...listMemos(node, "outgoing")].find((listed) => "header" in listed && listed.header.id === id)?.path;
  const delivered = await Promise.all([...mesh.nodes.values()].map((each) => findMemo(each, id)));
  const path = sent ?? delivered.find((found) => found !== undefined);
  if (path === undefined) return { id, to: [], text: "" };
  const { memo } = await readMemoFile(path);
  return { id, to: memo.header.to, text: memo.body.replace(/^\s*# .*\n+/, "").trim() };
}

/** The mesh tells the operator why it gave up. */
async function failure(mesh: Mesh, subject: string): Promise<string> {
  const operator = mesh.nodes.get("operator") as MeshNode;
  const notices = [...listMemos(operator, "incoming")].filter(
    (listed) => "header" in listed && listed.header.from === "mesh" && listed.header.subject.endsWith(`"${subject}"`),
  );
  const last = notices.at(-1)?.path;
  return last === undefined ? "" : (await readMemoFile(last)).memo.body.replace(/^\s*# .*\n+/, "").trim();
}

async function rejection(mesh: Mesh, node: MeshNode, id: string): Promise<Answer> {
  const about = { memo: id, node: node.id, subject: "" };
  const operator = mesh.nodes.get("operator") as MeshNode;
  for (const listed of listMemos(operator, "rejected")) {
    if (!("header" in listed) || listed.header.id !== id) continue;
    const reason = (await textOf(`${listed.path}.reason.md`)) ?? (await readFile(listed.path, "utf8"));
    const file = relative(mesh.root, `${rejectedFolder(operator.folder)}/${listed.name}`);
    return {
      ...about,
      subject: listed.header.subject,
      standing: "rejected",
      file,
      text: reason.replace(/^# .*\n+/, "").trim(),
    };
  }
  return { ...about, standing: "waiting", text: "" };
}
