import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { type LogEntry, type LogQuery, openRepository, type Repository } from "@memomesh/mailbox";
import type { Mesh } from "./load.ts";

/**
 * What happened to memos and runbooks, newest first, from the history of the mesh and those of nodes with a repository
 * of their own. Commits of anything else are left out.
 *
 * @throws MeshError `history.git.*` when a history cannot be read
 */
export async function readDecisions(mesh: Mesh, query: LogQuery = {}): Promise<LogEntry[]> {
  const logs = await Promise.all((await repositoriesOf(mesh)).map((repository) => repository.log(query)));
  const entries = logs.flat().sort((a, b) => Date.parse(b.date) - Date.parse(a.date));
  return entries.slice(0, query.limit);
}

/** The repositories that hold the mesh's history, each once. */
export async function repositoriesOf(mesh: Mesh): Promise<Repository[]> {
  const folders = [mesh.root, ...[...mesh.nodes.values()].map((node) => node.folder)];
  // Only folders with a `.git` of their own are asked about: there may be thousands of nodes.
  const tops = new Set(folders.flatMap((folder) => nearestGit(folder) ?? []));
  const opened = await Promise.all([...tops].map((top) => openRepository(top)));
  const repositories = opened.filter((repository) => repository !== undefined);
  return [...new Map(repositories.map((repository) => [repository.workTree, repository])).values()];
}

function nearestGit(folder: string): string | undefined {
  for (let current = folder; ; current = dirname(current)) {
    if (existsSync(join(current, ".git"))) return current;
    if (dirname(current) === current) return undefined;
  }
}
