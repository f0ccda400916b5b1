import { readFile } from "node:fs/promises";
import { join, relative } from "node:path";
import {
  type Agent,
  createAgent,
  type SessionContext,
  type SessionJournal,
  type SessionLimits,
  type TextFile,
} from "@memomesh/agents";
import {
  type AgentConfig,
  type Changeset,
  lessonsPath,
  type Memo,
  MeshError,
  newId,
  platformPath,
  statePath,
} from "@memomesh/core";
import { readBody } from "@memomesh/core/markdown";
import { findMemo } from "@memomesh/mailbox";
import { checkChangeset } from "./intake.ts";
import type { Mesh, MeshNode } from "./load.ts";
import { type MemoFile, readMemoFile } from "./memo-file.ts";
import { sessionFiles } from "./session-files.ts";
import { type JournalSubject, openJournal } from "./session-journal.ts";
import { recordSpending } from "./spending.ts";
import { openWorkshop } from "./workshop.ts";

/** A memo to work on, and the answers that have arrived for it. */
export interface Work {
  readonly node: MeshNode;
  readonly memo: MemoFile;
  readonly answers: readonly MemoFile[];
}

/** What a session is held with. */
export interface SessionTerms {
  /** Name of an agent of mesh.yml. */
  readonly agent: string;
  readonly limits: SessionLimits;
  readonly now: Date;
  readonly signal: AbortSignal;
  /** Is told in the agent's words what it does. */
  readonly progress: (text: string) => void;
}

/**
 * One session: from files to a changeset. Nothing of the project is written; what the agent wants is checked, not yet applied.
 * What is spent is written into the account book as it is spent.
 *
 * @throws MeshError what the agent or the intake refused; the memo waits unchanged
 */
export async function holdSession(mesh: Mesh, work: Work, terms: SessionTerms): Promise<Changeset> {
  const id = work.memo.memo.header.id ?? "";
  const about = { node: work.node.id, memo: id, session: newId(terms.now.getTime()) };
  const agent = await createAgent(terms.agent, agentConfig(mesh, terms.agent));
  const journal = await openJournal(mesh.root, about);
  const workshop = openWorkshop(mesh.root, `${about.node} ${id}`, about.session);
  try {
    const context = {
      ...(await readContext(mesh, work, terms, about.session)),
      journal: paidJournal(mesh, journal, terms.agent, about),
      workshop,
    };
    const changeset = await withinTime(agent, context, terms.limits.seconds);
    checkChangeset(changeset, mesh, work.node);
    await journal.end(changeset.outcome.kind);
    // What the session was shown counts as read, whatever the agent says.
    return { ...changeset, base: { ...changeset.base, ...context.files.base() } };
  } finally {
    await workshop.close();
    await journal.close();
  }
}

function agentConfig(mesh: Mesh, name: string): AgentConfig {
  const config = mesh.config.agents[name];
  if (config === undefined) throw new Error(`mesh.yml has no agent "${name}"`);
  return config;
}

/** A journal that also keeps the account book. */
function paidJournal(mesh: Mesh, journal: SessionJournal, agent: string, about: JournalSubject): SessionJournal {
  return {
    earlier: journal.earlier,
    write: async (entry) => {
      if (entry.kind === "spent") {
        const { cost = null, ...spending } = entry.spending;
        await recordSpending(mesh.root, { at: new Date().toISOString(), ...about, agent, ...spending, cost });
      }
      await journal.write(entry);
    },
  };
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

/** All that a session knows, apart from where it writes. */
export async function readContext(
  mesh: Mesh,
  work: Work,
  { limits, now, signal, progress }: Omit<SessionTerms, "agent">,
  session: string,
): Promise<Omit<SessionContext, "journal" | "workshop">> {
  const { node, memo } = work;
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
    platform: (await own(platformPath(node.folder))) ?? "",
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
    limits,
    signal,
    progress,
  };
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
