import { readFile } from "node:fs/promises";
import { basename, join, relative } from "node:path";
import { type Agent, createAgent, type SessionContext } from "@memomesh/agents";
import { type Changeset, type Memo, MeshError, newId, statePath } from "@memomesh/core";
import { readBody } from "@memomesh/core/markdown";
import { findMemo } from "@memomesh/mailbox";
import { checkChangeset } from "./intake.ts";
import type { Mesh, MeshNode } from "./load.ts";
import { type MemoFile, readMemoFile } from "./memo-file.ts";
import { sessionFiles } from "./session-files.ts";

/** A memo to work on, and the answers that have arrived for it. */
export interface Work {
  readonly node: MeshNode;
  readonly memo: MemoFile;
  readonly answers: readonly MemoFile[];
}

/**
 * One session: from files to a changeset. Nothing is written; what the agent wants is checked, not yet applied.
 *
 * @param progress told in the agent's words what it does
 * @throws MeshError what the agent or the intake refused; the memo waits unchanged
 */
export async function holdSession(
  mesh: Mesh,
  work: Work,
  now: Date,
  signal: AbortSignal,
  progress: (text: string) => void,
): Promise<Changeset> {
  const agent = agentOf(mesh, work.node);
  const context = await sessionContext(mesh, work, now, signal, progress);
  const changeset = await withinTime(agent, context, mesh.config.policy.sessionSeconds);
  checkChangeset(changeset, mesh, work.node);
  // What the session was shown counts as read, whatever the agent says.
  return { ...changeset, base: { ...changeset.base, ...context.files.base() } };
}

/** @throws MeshError `mesh.agent.unknown` when mesh.yml does not have the agent of this node */
function agentOf(mesh: Mesh, node: MeshNode): Agent {
  const config = mesh.config.agents[node.config.agent];
  if (config === undefined) {
    const known = Object.keys(mesh.config.agents).join(", ");
    throw new MeshError(
      "mesh.agent.unknown",
      `node ${node.id} wants the agent "${node.config.agent}", which mesh.yml does not have; expected ${known} or none`,
      { place: { file: `${relative(mesh.root, node.folder)}/node.yml` } },
    );
  }
  return createAgent(node.config.agent, config);
}

async function withinTime(agent: Agent, context: SessionContext, seconds: number): Promise<Changeset> {
  const late = AbortSignal.timeout(seconds * 1000);
  const stopped = new Promise<never>((_, reject) => {
    const stop = (why: string) => () => reject(new MeshError("session.stopped", why));
    late.addEventListener(
      "abort",
      stop(`the session took longer than ${seconds} s (policy.sessionSeconds) and was stopped`),
    );
    context.signal.addEventListener(
      "abort",
      stop("the session was stopped; the memo waits and will be worked on again"),
    );
  });
  return Promise.race([agent.work({ ...context, signal: AbortSignal.any([context.signal, late]) }), stopped]);
}

async function sessionContext(
  mesh: Mesh,
  work: Work,
  now: Date,
  signal: AbortSignal,
  progress: (text: string) => void,
): Promise<SessionContext> {
  const { node, memo } = work;
  const { send, read } = node.config.grants;
  const readable = new Set(read.map((grant) => grant.split("/", 1)[0]));
  const others = [...mesh.nodes.values()].filter(
    (each) =>
      each.id !== node.id &&
      (each.operator || send.includes("*") || send.includes(each.id) || readable.has(each.id) || readable.has("*")),
  );
  const files = sessionFiles(mesh, node);
  return {
    session: newId(now.getTime()),
    now: now.toISOString(),
    node: { id: node.id, role: node.config.role, path: relative(mesh.root, node.folder), send },
    memo: memo.memo,
    body: readBody(memo.memo),
    thread: await threadOf(work),
    instructions: await textOf(join(node.folder, "AGENTS.md")),
    // Read as the session reads: what it hands over replaces what it saw here, and nothing that came later.
    state: (await files.read(basename(statePath(node.folder)))) ?? "",
    targets: Object.fromEntries(
      Object.entries(mesh.config.targets).map(([name, { kind, production, path, env }]) => [
        name,
        { kind, production, path, env: Object.keys(env) },
      ]),
    ),
    nodes: others.map((each) => ({
      id: each.id,
      role: each.config.role,
      path: relative(mesh.root, each.folder) || ".",
    })),
    files,
    signal,
    progress,
  };
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
