import { join, relative } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { repositoriesOf } from "../decisions.ts";
import type { Mesh, MeshNode } from "../load.ts";

/** A file that sessions on a memo have written. */
export interface WrittenFile {
  /** Relative to the mesh's root. */
  readonly path: string;
  /** What the last of these sessions changed, as `git show` prints it. */
  readonly difference: string;
}

/** Mail and the node's own bookkeeping are told of elsewhere. */
const bookkeeping = /^(?:memos\/|runbooks\/|docs\/progress\/|STATE\.md$|docs\/ai-lessons\.md$)/;

/** How often and how long, in milliseconds, the commit of a session is waited for that another process makes. */
const lookMs = 100;
const patienceMs = 5000;

/**
 * The files that sessions on a memo have written into the node's folder, from the history. Without git there are none to be told.
 *
 * @param late the commit may still be under way, in another process
 */
export async function writtenFor(mesh: Mesh, node: MeshNode, memo: string, late = false): Promise<WrittenFile[]> {
  for (let left = late ? patienceMs : 0; ; left -= lookMs) {
    const found = await written(mesh, node, memo);
    if (found !== undefined || left <= 0) return found ?? [];
    await wait(lookMs);
  }
}

/** @returns undefined when the history knows no session on this memo */
async function written(mesh: Mesh, node: MeshNode, memo: string): Promise<WrittenFile[] | undefined> {
  const repositories = await repositoriesOf(mesh);
  if (repositories.length === 0) return [];
  for (const repository of repositories) {
    const entries = await repository.log({ memo, node: node.id });
    const sessions = entries.filter(({ trailers }) => trailers.some(([name]) => name === "Agent"));
    if (sessions.length === 0) continue;
    const seen = new Map<string, WrittenFile>();
    for (const { hash, paths } of sessions) {
      for (const path of paths) {
        const absolute = join(repository.workTree, path);
        const inside = relative(node.folder, absolute);
        if (inside.startsWith("..") || bookkeeping.test(inside) || seen.has(absolute)) continue;
        seen.set(absolute, {
          path: relative(mesh.root, absolute),
          difference: await repository.difference(hash, path),
        });
      }
    }
    return [...seen.values()].sort((a, b) => (a.path < b.path ? -1 : 1));
  }
  return undefined;
}
