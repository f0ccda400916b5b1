import { basename } from "node:path";
import { Exit, MeshError } from "@memomesh/core";
import { type MeshNode, nodesFrom, type RunbookFile, runbookPaths } from "@memomesh/mesh";
import type { Caller } from "./caller.ts";

/** The runbooks that the caller may read: those of its node; to the operator the whole mesh is open. */
export async function readableRunbooks({ mesh, node }: Caller): Promise<RunbookFile[]> {
  const nodes: readonly MeshNode[] = node.operator ? nodesFrom(mesh, node) : [node];
  const all = await Promise.all(nodes.map(async (each) => ({ node: each, paths: await runbookPaths(each) })));
  return all.flatMap(({ node: owner, paths }) => paths.map((path) => ({ node: owner, path })));
}

/**
 * @param name its file name, with or without folder and `.md`, or the end of it
 * @throws MeshError `runbook.unknown`, or `runbook.ambiguous` when several fit
 */
export async function openableRunbook(caller: Caller, name: string): Promise<RunbookFile> {
  const wanted = name.replace(/^runbooks\//, "").replace(/\.md$/, "");
  const all = await readableRunbooks(caller);
  const exact = all.filter(({ path }) => basename(path, ".md") === wanted);
  const found = exact.length > 0 ? exact : all.filter(({ path }) => basename(path, ".md").endsWith(`-${wanted}`));
  const [only, other] = found;
  if (only !== undefined && other === undefined) return only;
  if (only === undefined) {
    throw new MeshError("runbook.unknown", `${caller.node.id} has no runbook "${name}"`, { exit: Exit.usage });
  }
  const names = found.map(({ node, path }) => `${node.id}: ${basename(path)}`).join(", ");
  throw new MeshError("runbook.ambiguous", `"${name}" fits ${names}; give the whole name`, { exit: Exit.usage });
}
