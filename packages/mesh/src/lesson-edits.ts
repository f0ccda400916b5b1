import { readFile } from "node:fs/promises";
import { basename } from "node:path";
import { type Changeset, lessonsPath, sha256 } from "@memomesh/core";
import type { FileEdit } from "./change.ts";
import { withLesson } from "./lessons/keep.ts";
import type { MeshNode } from "./load.ts";

/**
 * The edit that adds what a session has learned to the node's lessons, newest last, and counts again what was known; the
 * commit says where they come from.
 */
export async function lessonEdits(node: MeshNode, { lessons = [] }: Changeset, at: Date): Promise<FileEdit[]> {
  if (lessons.length === 0) return [];
  const path = lessonsPath(node.folder);
  const current = await readFile(path, "utf8").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return undefined;
    throw error;
  });
  const start = current ?? `# Lessons of ${basename(node.folder)}\n`;
  const day = at.toISOString();
  const after = lessons.reduce((source, lesson) => withLesson(source, lesson, day).source, start);
  return [{ path, before: current === undefined ? null : sha256(current), after }];
}
