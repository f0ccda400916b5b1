import { readFile } from "node:fs/promises";
import { progressPath, type StateReport, sha256, statePath } from "@memomesh/core";
import { updateState } from "@memomesh/core/markdown";
import type { FileEdit } from "./change.ts";
import type { MeshNode } from "./load.ts";

/** The edits that bring STATE.md up to date, made from its content of this moment. Old progress moves to a page by month. */
export async function stateEdits(node: MeshNode, report: StateReport, at: Date): Promise<FileEdit[]> {
  const path = statePath(node.folder);
  const current = await textOf(path);
  const { source, moved } = updateState(current ?? "", { at: at.toISOString(), ...report });
  const state: FileEdit = { path, before: digestOf(current), after: source };
  if (moved.length === 0) return [state];
  const page = progressPath(node.folder, at);
  const older = await textOf(page);
  const heading = `# Progress that has left STATE.md in ${at.toISOString().slice(0, 7)}\n\n`;
  return [state, { path: page, before: digestOf(older), after: `${older ?? heading}${moved.join("\n")}\n` }];
}

function digestOf(text: string | undefined): string | null {
  return text === undefined ? null : sha256(text);
}

async function textOf(path: string): Promise<string | undefined> {
  return readFile(path, "utf8").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return undefined;
    throw error;
  });
}
