import { basename, join } from "node:path";
import { idSuffix, type MemoHeader, MeshError, splitFrontmatter } from "@memomesh/core";
import { findMemo } from "@memomesh/mailbox";
import { type BoxEntry, readBox } from "../box.ts";
import { textOf } from "../create.ts";
import type { Mesh, MeshNode } from "../load.ts";
import { readMemoFile } from "../memo-file.ts";
import { runbookReference } from "../runbook-reference.ts";

/** Something that waits for somebody. */
export interface Pending {
  /** `work`: a memo that nobody has taken up. `stranded`: a memo that is not delivered, or could not be. */
  readonly what: "runbook" | "answer" | "failed" | "work" | "stranded";
  readonly node: string;
  readonly subject: string;
  /** Who can move it on: `you`, or a node whose agent does. */
  readonly whom: string;
  /** ISO 8601; "" when nothing tells. */
  readonly since: string;
  /** It waits for longer than a day, or will not go on by itself. */
  readonly stuck: boolean;
  /** The command that shows it. */
  readonly command: string;
}

/** What was not touched for so long is stuck: a day, in milliseconds. */
const patience = 86_400_000;

/** What waits at all nodes, the oldest first. Only headers are read. */
export async function readPending(mesh: Mesh, now: Date): Promise<Pending[]> {
  const pending: Pending[] = [];
  const questions = await openQuestions(mesh);
  for (const node of mesh.nodes.values()) {
    for (const entry of await readBox(node, "incoming"))
      pending.push(...(await received(mesh, node, entry, questions)));
    for (const entry of await readBox(node, "outgoing")) pending.push(undelivered(node, entry));
    for (const entry of await readBox(node, "rejected")) pending.push({ ...undelivered(node, entry), stuck: true });
  }
  const judged = pending.map((each) => ({ ...each, stuck: each.stuck || isOld(each.since, now) }));
  return judged.sort((a, b) => a.since.localeCompare(b.since));
}

function isOld(since: string, now: Date): boolean {
  return now.getTime() - Date.parse(since) > patience;
}

/** Ids of the questions that memos wait for: they are told with those memos. */
async function openQuestions(mesh: Mesh): Promise<Set<string>> {
  const inboxes = await Promise.all([...mesh.nodes.values()].map((node) => readBox(node, "incoming")));
  const asked = inboxes.flat().filter(({ header }) => header?.status === "asked");
  return new Set(asked.flatMap(({ header }) => header?.question ?? []));
}

async function received(
  mesh: Mesh,
  node: MeshNode,
  entry: BoxEntry,
  questions: ReadonlySet<string>,
): Promise<Pending[]> {
  const { header } = entry;
  if (header === undefined) return [unreadable(node, entry)];
  if (header.status === undefined && questions.has(header.id ?? "")) return [];
  return [await waiting(mesh, node, header)];
}

async function waiting(mesh: Mesh, node: MeshNode, header: MemoHeader): Promise<Pending> {
  const { id = "", status, subject, runbook, question } = header;
  const show = `memomesh memo show ${idSuffix(id)}`;
  const about = { node: node.id, subject, since: sinceOf(header), stuck: false, command: show };
  if (status === "prepared" && runbook !== undefined) {
    const since = (await createdAt(join(node.folder, runbook))) ?? about.since;
    return { ...about, what: "runbook", whom: "you", since, command: `memomesh review ${runbookReference(runbook)}` };
  }
  if (status === "failed") return { ...about, what: "failed", whom: "you", stuck: true };
  if (status === "asked") return { ...about, what: "answer", ...(await questioned(mesh, question, about.since)) };
  return { ...about, what: "work", whom: node.config.agent === "none" ? "you" : node.id };
}

/** Whose answer a memo waits for: that of the node in whose mailbox the question lies. */
async function questioned(
  mesh: Mesh,
  question: string | undefined,
  otherwise: string,
): Promise<{ whom: string; since: string; command?: string }> {
  for (const node of question === undefined ? [] : mesh.nodes.values()) {
    const path = await findMemo(node, question ?? "");
    if (path === undefined) continue;
    const { header } = (await readMemoFile(path)).memo;
    const command = `memomesh memo show ${idSuffix(question ?? "")}`;
    return { whom: node.config.agent === "none" ? "you" : node.id, since: sinceOf(header), command };
  }
  return { whom: "you", since: otherwise };
}

function undelivered(node: MeshNode, entry: BoxEntry): Pending {
  const { header, rejection } = entry;
  if (header === undefined && rejection === undefined) return unreadable(node, entry);
  const name = header?.subject ?? basename(entry.path);
  return {
    what: "stranded",
    node: node.id,
    subject: rejection === undefined ? name : `${name}: ${rejection}`,
    whom: rejection === undefined ? "memomesh watch" : "you",
    since: header === undefined ? "" : sinceOf(header),
    stuck: false,
    command: `memomesh memo list --node ${node.id} --box ${entry.box}`,
  };
}

function unreadable(node: MeshNode, { path }: BoxEntry): Pending {
  const subject = `${basename(path)} cannot be read`;
  return { what: "stranded", node: node.id, subject, whom: "you", since: "", stuck: true, command: "memomesh doctor" };
}

function sinceOf({ delivered, date = "" }: MemoHeader): string {
  const time = new Date(delivered ?? date);
  return Number.isNaN(time.getTime()) ? "" : time.toISOString();
}

/** When a runbook was prepared; undefined when it is gone or does not tell. */
async function createdAt(path: string): Promise<string | undefined> {
  try {
    const { created } = splitFrontmatter((await textOf(path)) ?? "", path).data;
    const time = new Date(typeof created === "string" ? created : "");
    return Number.isNaN(time.getTime()) ? undefined : time.toISOString();
  } catch (error) {
    if (error instanceof MeshError) return undefined;
    throw error;
  }
}
