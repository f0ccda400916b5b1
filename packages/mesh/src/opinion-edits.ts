import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { type Changeset, type Opinion, printOpinion, type Runbook, sha256 } from "@memomesh/core";
import { parseRunbook } from "@memomesh/core/markdown";
import { opinionFile } from "@memomesh/runbooks";
import type { FileEdit } from "./change.ts";
import type { MeshNode } from "./load.ts";

/** The edit that lays a second agent's opinion beside the runbook of a changeset. */
export async function opinionEdits(
  node: MeshNode,
  { outcome }: Changeset,
  opinion: Opinion | undefined,
  at: Date,
): Promise<FileEdit[]> {
  if (outcome.kind !== "prepared" || opinion === undefined) return [];
  const { path, source } = outcome.runbook;
  return [await opinionEdit(node, parseRunbook(source, path), opinion, at)];
}

/** @param runbook whose `file` is its path in the node's folder */
export async function opinionEdit(node: MeshNode, runbook: Runbook, opinion: Opinion, at: Date): Promise<FileEdit> {
  const path = join(node.folder, opinionFile(runbook.file));
  const current = await readFile(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return undefined;
    throw error;
  });
  const after = printOpinion(opinion, runbook, at.toISOString());
  return { path, before: current === undefined ? null : sha256(current), after };
}
