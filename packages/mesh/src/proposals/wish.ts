import { join } from "node:path";
import { type Changeset, Exit, type FileChange, MeshError, parseLessons } from "@memomesh/core";
import { checkChangePath, checkProposalPath } from "@memomesh/guard";
import { refuseLinks } from "../change.ts";
import { textOf } from "../create.ts";
import type { MeshNode } from "../load.ts";

/**
 * Takes out of a changeset what would steer agents: instruction files, configuration, hooks, CI, and detectors of lessons.
 * That becomes a wish, on which the operator decides; the rest goes on as usual, and the notes say so. What nobody may
 * propose stays, and is refused with the rest.
 *
 * @throws MeshError `changeset.refused` when such a file is a link, or lies behind one
 */
export async function withWish(changeset: Changeset, node: MeshNode): Promise<Changeset> {
  const steering: FileChange[] = [];
  for (const file of changeset.files) if (await steers(file, node)) steering.push(file);
  if (steering.length === 0) return changeset;
  for (const { path } of steering) await refuseLink(node, path);
  const { outcome } = changeset;
  const names = steering.map(({ path }) => path).join(", ");
  const notes = `${outcome.notes}\n\nNot changed, but proposed to the operator, who decides on it: ${names}.`.trim();
  return {
    ...changeset,
    files: changeset.files.filter((file) => !steering.includes(file)),
    wish: { files: steering },
    outcome: { ...outcome, notes },
  };
}

async function steers({ path, content }: FileChange, { folder }: MeshNode): Promise<boolean> {
  if (path.toLowerCase() !== "docs/ai-lessons.md")
    return !checkChangePath(path).allowed && checkProposalPath(path).allowed;
  return detectorsIn(content ?? "") !== detectorsIn((await textOf(join(folder, path))) ?? "");
}

/** All that later changesets would be checked against, as one text. */
function detectorsIn(source: string): string {
  const lessons = parseLessons(source, "").filter(({ detect }) => detect !== undefined);
  return JSON.stringify(lessons.map(({ appliesTo, detect }) => [appliesTo, detect?.text]));
}

async function refuseLink({ folder }: MeshNode, path: string): Promise<void> {
  try {
    await refuseLinks(folder, join(folder, path));
  } catch (error) {
    if (!(error instanceof MeshError)) throw error;
    const sentence = `the session's changes were refused and nothing was applied: ${error.message}`;
    throw new MeshError("changeset.refused", sentence, { exit: Exit.notPermitted, cause: error });
  }
}
