import { basename } from "node:path";
import { idSuffix } from "@memomesh/core";
import { type LockHolder, type LogEntry, lockHolder } from "@memomesh/mailbox";
import { type BoxEntry, readBox } from "./box.ts";
import { readAccount, readDecisions } from "./decisions.ts";
import { findMeshRoot, loadMesh, type Mesh, type MeshNode } from "./load.ts";
import { runbookReference } from "./runbook-reference.ts";

/** The mesh at a glance. */
export interface MeshStatus {
  readonly name: string;
  readonly root: string;
  /** Who routes memos now; undefined when nobody does. */
  readonly coordinator: LockHolder | undefined;
  readonly nodes: readonly NodeStatus[];
  readonly waiting: readonly Waiting[];
}

export interface NodeStatus {
  readonly id: string;
  readonly role: string;
  readonly agent: string;
  /** Memos in the inbox by what they wait for: work, an answer, a person's review, a person after failed sessions. */
  readonly waits: number;
  readonly asked: number;
  readonly prepared: number;
  readonly failed: number;
  /** Memos that are not delivered yet, and those that could not be. */
  readonly outgoing: number;
  readonly rejected: number;
  /** Why the node cannot be used. */
  readonly problem: string | undefined;
}

/** Something that only a person can move on. */
export interface Waiting {
  readonly what: "runbook" | "memo" | "proposal" | "failed";
  readonly node: string;
  readonly subject: string;
  /** The command that shows it. */
  readonly command: string;
}

/**
 * Reads how the mesh around a folder stands. Git is asked while the configuration is read: both take a while.
 *
 * @param decisions how many of the last commits to tell
 * @throws MeshError as `loadMesh`, and `history.git.*`
 */
export async function readStatusAt(start: string, decisions: number): Promise<MeshStatus & { decisions: LogEntry[] }> {
  const query = { limit: decisions };
  const root = findMeshRoot(start);
  const account = root === undefined ? undefined : readAccount(root, query);
  // A broken mesh.yml is said first, whatever git says later.
  account?.catch(() => undefined);
  const mesh = await loadMesh(start);
  const status = await readStatus(mesh);
  return { ...status, decisions: await readDecisions(mesh, query, await account) };
}

/** Reads how the mesh stands. Only names and headers are read, so that it is quick in a mesh with a long history. */
export async function readStatus(mesh: Mesh): Promise<MeshStatus> {
  const nodes = [...mesh.nodes.values()];
  const inboxes = await Promise.all(nodes.map((node) => readBox(node, "incoming")));
  const usable = await Promise.all(nodes.map((node, index) => nodeStatus(node, inboxes[index] ?? [])));
  const broken = mesh.problems.map(({ id, error }) => brokenStatus(id, error.message));
  return {
    name: mesh.config.name,
    root: mesh.root,
    coordinator: lockHolder(mesh.root),
    nodes: [...usable, ...broken],
    waiting: nodes.flatMap((node, index) => waitingFor(node, inboxes[index] ?? [])),
  };
}

/**
 * What of a node's inbox waits for a person. A runbook that waits is known from its memo.
 *
 * @param inbox what lies in `incoming/`
 */
export function waitingFor(node: MeshNode, inbox: readonly BoxEntry[]): Waiting[] {
  return inbox.flatMap((entry): Waiting[] => {
    if (entry.header === undefined)
      return [{ what: "failed", node: node.id, subject: basename(entry.path), command: "memomesh doctor" }];
    const { id = "", status, subject, runbook, proposal } = entry.header;
    const about = { node: node.id, subject };
    const show = `memomesh memo show ${idSuffix(id)}`;
    if (status === "prepared" && runbook !== undefined)
      return [{ what: "runbook", ...about, command: `memomesh review ${runbookReference(runbook)}` }];
    if (status === "failed") return [{ what: "failed", ...about, command: show }];
    if (status === undefined && node.operator && proposal !== undefined)
      return [{ what: "proposal", ...about, command: `memomesh proposal show ${idSuffix(id)}` }];
    if (status === undefined && node.config.agent === "none" && id !== "")
      return [{ what: "memo", ...about, command: show }];
    return [];
  });
}

async function nodeStatus(node: MeshNode, inbox: readonly BoxEntry[]): Promise<NodeStatus> {
  const [outgoing, rejected] = await Promise.all([readBox(node, "outgoing"), readBox(node, "rejected")]);
  const count = (status: string | undefined) =>
    inbox.filter(({ header }) => header !== undefined && header.status === status).length;
  return {
    id: node.id,
    role: node.config.role,
    agent: node.config.agent,
    waits: count(undefined),
    asked: count("asked"),
    prepared: count("prepared"),
    failed: count("failed"),
    outgoing: outgoing.length,
    rejected: rejected.length,
    problem: undefined,
  };
}

function brokenStatus(id: string, problem: string): NodeStatus {
  return { id, role: "", agent: "", waits: 0, asked: 0, prepared: 0, failed: 0, outgoing: 0, rejected: 0, problem };
}
