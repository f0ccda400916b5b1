import { existsSync } from "node:fs";
import { realpath } from "node:fs/promises";
import { dirname, join } from "node:path";
import { type LogEntry, type LogQuery, openRepository, type Repository, readLogAt } from "@memomesh/mailbox";
import type { Mesh } from "./load.ts";

/** What one history says to a query. */
export interface Account {
  /** Absolute, without symbolic links. */
  readonly workTree: string;
  readonly entries: readonly LogEntry[];
}

/**
 * What happened to memos and runbooks, newest first, from the history of the mesh and those of nodes with a repository
 * of their own. Commits of anything else are left out.
 *
 * @param known what the mesh's own history has already said to the same query
 * @throws MeshError `history.git.*` when a history cannot be read
 */
export async function readDecisions(mesh: Mesh, query: LogQuery = {}, known?: Account): Promise<LogEntry[]> {
  const repositories = await repositoriesOf(mesh, known?.workTree);
  const logs = await Promise.all(repositories.map((repository) => repository.log(query)));
  const entries = [...(known?.entries ?? []), ...logs.flat()].sort((a, b) => Date.parse(b.date) - Date.parse(a.date));
  return entries.slice(0, query.limit);
}

/** What the history that begins at a folder says, if one does. It can be asked before the mesh is read. */
export async function readAccount(folder: string, query: LogQuery): Promise<Account | undefined> {
  const workTree = await realpath(folder);
  const entries = await readLogAt(workTree, query);
  return entries === undefined ? undefined : { workTree, entries };
}

/**
 * The repositories that hold the mesh's history, each once.
 *
 * @param except a work tree that is left out
 */
export async function repositoriesOf(mesh: Mesh, except?: string): Promise<Repository[]> {
  const folders = [mesh.root, ...[...mesh.nodes.values()].map((node) => node.folder)];
  // Only folders with a `.git` of their own are asked about: there may be thousands of nodes.
  const tops = new Set(folders.flatMap((folder) => nearestGit(folder) ?? []));
  const real = new Set(await Promise.all([...tops].map((top) => realpath(top))));
  const opened = await Promise.all([...real].filter((top) => top !== except).map((top) => openRepository(top)));
  const repositories = opened.filter((repository) => repository !== undefined);
  return [...new Map(repositories.map((repository) => [repository.workTree, repository])).values()];
}

function nearestGit(folder: string): string | undefined {
  for (let current = folder; ; current = dirname(current)) {
    if (existsSync(join(current, ".git"))) return current;
    if (dirname(current) === current) return undefined;
  }
}
