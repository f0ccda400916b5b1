import { readFile } from "node:fs/promises";
import { join, relative } from "node:path";
import type { Improvement, SessionKnowledge, SessionLimits, TextFile } from "@memomesh/agents";
import { lessonsPath, type Memo, platformPath, statePath, withStaleness } from "@memomesh/core";
import { readBody } from "@memomesh/core/markdown";
import { findMemo } from "@memomesh/mailbox";
import type { Mesh, MeshNode } from "./load.ts";
import { type MemoFile, readMemoFile } from "./memo-file.ts";
import { sessionFiles } from "./session-files.ts";
import { asksWhy } from "./why/question.ts";

/** A memo to work on, and the answers that have arrived for it. */
export interface Work {
  readonly node: MeshNode;
  readonly memo: MemoFile;
  readonly answers: readonly MemoFile[];
  /** Why the changesets of earlier sessions on this memo were refused. */
  readonly refusals: readonly string[];
  /** What an earlier session has prepared, and what the gate wants better of it. */
  readonly improvement?: Improvement;
}

/** Gathers what a session is told and may see. Nothing is written. */
export async function readKnowledge(
  mesh: Mesh,
  work: Work,
  { limits, now, session }: { limits: SessionLimits; now: Date; session: string },
): Promise<SessionKnowledge> {
  const { node, memo, refusals, improvement } = work;
  const { send, read } = node.config.grants;
  const readable = new Set(read.map((grant) => grant.split("/", 1)[0]));
  const others = [...mesh.nodes.values()].filter(
    (each) =>
      each.id !== node.id &&
      (each.operator || send.includes("*") || send.includes(each.id) || readable.has(each.id) || readable.has("*")),
  );
  const files = sessionFiles(mesh, node);
  // Read as the session reads: what it hands over replaces what it saw here, and nothing that came later.
  const own = (path: string) => files.read(relative(node.folder, path));
  return {
    session,
    now: now.toISOString(),
    node: { id: node.id, role: node.config.role, path: relative(mesh.root, node.folder), send },
    memo: memo.memo,
    body: readBody(memo.memo),
    thread: await threadOf(work),
    instructions: await textOf(join(node.folder, "AGENTS.md")),
    state: (await own(statePath(node.folder))) ?? "",
    lessons: await lessonsOf(mesh, node, await own(lessonsPath(node.folder))),
    platform: await platformOf(mesh, node, await own(platformPath(node.folder)), now),
    targets: sessionTargets(mesh),
    guard: mesh.guard,
    nodes: others.map((each) => ({
      id: each.id,
      role: each.config.role,
      path: relative(mesh.root, each.folder) || ".",
    })),
    files,
    limits,
    refusals,
    ...(improvement === undefined ? {} : { improvement }),
    ...(await historyOf(mesh, node, memo.memo)),
  };
}

/** What is known of what a memo asks about, when it asks why. */
async function historyOf(mesh: Mesh, node: MeshNode, { header, body }: Memo): Promise<{ readonly history?: string }> {
  if (header.type !== "ask" && header.type !== "question") return {};
  const question = `${header.subject}\n${body}`;
  if (!asksWhy(question)) return {};
  // Loaded only for those who ask: it knows the history and the archive.
  const { historyFor } = await import("./why/index.ts");
  const history = await historyFor(mesh, node, question);
  return history === undefined ? {} : { history };
}

/** The targets as agents are told of them: names of variables, no values. */
export function sessionTargets({ config }: Mesh): SessionKnowledge["targets"] {
  const targets = Object.entries(config.targets).map(([name, { kind, production, path, env }]) => [
    name,
    { kind, production, path, env: Object.keys(env) },
  ]);
  return Object.fromEntries(targets);
}

/** The node's own lessons, and those that all nodes share. */
async function lessonsOf(mesh: Mesh, node: MeshNode, own: string | undefined): Promise<TextFile[]> {
  const shared = lessonsPath(mesh.root);
  const sources = [
    { path: lessonsPath(node.folder), source: own ?? "" },
    ...(node.operator ? [] : [{ path: shared, source: await textOf(shared) }]),
  ];
  return sources
    .filter(({ source }) => source !== "")
    .map(({ path, source }) => ({ file: relative(mesh.root, path), source }));
}

/** What is true of the platform for all nodes, with what is stale named so, and what the node itself has noted. */
async function platformOf(mesh: Mesh, node: MeshNode, own: string | undefined, now: Date): Promise<string> {
  const shared = node.operator ? "" : await textOf(platformPath(mesh.root));
  return [shared, own ?? ""]
    .filter((source) => source.trim() !== "")
    .map((source) => withStaleness(source, now))
    .join("\n\n");
}

/** What came before in this conversation, as far as the node holds it, and the answers; oldest first. */
async function threadOf({ node, memo, answers }: Work): Promise<Memo[]> {
  const before: Memo[] = [];
  const seen = new Set([memo.memo.header.id]);
  for (
    let id = memo.memo.header.re;
    id !== undefined && !seen.has(id) && before.length < 50;
    id = before[0]?.header.re
  ) {
    seen.add(id);
    const path = await findMemo(node, id);
    if (path === undefined) break;
    before.unshift((await readMemoFile(path)).memo);
  }
  const earlier: Memo[] = [];
  for (const id of memo.memo.header.answers ?? []) {
    const path = await findMemo(node, id);
    if (path !== undefined) earlier.push((await readMemoFile(path)).memo);
  }
  return [...before, ...earlier, ...answers.map((answer) => answer.memo)];
}

async function textOf(path: string): Promise<string> {
  return readFile(path, "utf8").catch(() => "");
}
