import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { type Changeset, type Opinion, printOpinion, sha256 } from "@memomesh/core";
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
  const { path: runbook, source } = outcome.runbook;
  const path = join(node.folder, opinionFile(runbook));
  const current = await readFile(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return undefined;
    throw error;
  });
  const after = printOpinion(opinion, parseRunbook(source, runbook), at.toISOString());
  return [{ path, before: current === undefined ? null : sha256(current), after }];
}
