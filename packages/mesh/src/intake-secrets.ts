import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { type Changeset, Exit, MeshError, type OutgoingMemo, printLesson } from "@memomesh/core";
import { secretWayOut } from "@memomesh/guard";
import type { Mesh, MeshNode } from "./load.ts";
import { secretsIn } from "./secrets.ts";

/** A text that a changeset wants to have kept, by the name under which its author knows it. */
interface Kept {
  readonly name: string;
  readonly text: string;
  /** Absolute path of the file whose whole text it is to be; undefined: it becomes part of another one. */
  readonly path?: string;
}

/**
 * Refuses a changeset that would write what looks like a secret: into a file, a runbook, a memo, a lesson, STATE.md or
 * the completion of the memo. What stood in a file before is not the session's doing.
 *
 * @throws MeshError `changeset.refused` with every place; the next session is told, and can mend it
 */
export async function refuseChangesetSecrets(changeset: Changeset, mesh: Mesh, node: MeshNode): Promise<void> {
  const found = await Promise.all(keptTexts(changeset, node).map((kept) => added(kept, mesh)));
  const places = found.flat();
  if (places.length === 0) return;
  throw new MeshError(
    "changeset.refused",
    `the session's changes were refused and nothing was applied: ${places.join("; ")}. ${secretWayOut}`,
    { exit: Exit.notPermitted },
  );
}

async function added({ name, text, path }: Kept, { guard }: Mesh): Promise<string[]> {
  const found = await secretsIn(text, guard);
  if (found.length === 0) return [];
  const before = path === undefined ? "" : await readFile(path, "utf8").catch(() => "");
  const known = new Set((await secretsIn(before, guard)).map(({ fingerprint }) => fingerprint));
  return found
    .filter(({ fingerprint }) => !known.has(fingerprint))
    .map(({ line, kind }) => {
      const place = path === undefined ? name : `${name}:${line}`;
      return `${place}: what looks like a secret (${kind}) stands here`;
    });
}

function keptTexts({ files, memos, lessons = [], state, outcome, wish }: Changeset, { folder }: MeshNode): Kept[] {
  const { progress = [], next = [], done = [], status = "", handover = "" } = state ?? {};
  const fileText = (name: string, text: string) => ({ name, text, path: join(folder, name) });
  const unknown = "unknown" in outcome ? outcome.unknown : [];
  const questions = outcome.kind === "asked" ? [outcome.question] : [];
  return [
    ...[...files, ...(wish?.files ?? [])].flatMap(({ path, content }) =>
      content === null ? [] : [fileText(path, content)],
    ),
    ...(wish?.files ?? []).map(({ path, reason = "" }) => ({ name: `the reason for ${path}`, text: reason })),
    ...(outcome.kind === "prepared" ? [fileText(outcome.runbook.path, outcome.runbook.source)] : []),
    ...[...memos, ...questions].map(memoText),
    ...lessons.map((lesson) => ({ name: `lesson "${lesson.title}"`, text: printLesson(lesson) })),
    { name: "STATE.md", text: [status, ...progress, ...next, ...done, handover].join("\n") },
    { name: "the completion of the memo", text: [outcome.notes, ...unknown].join("\n") },
  ];
}

function memoText({ subject, body }: OutgoingMemo): Kept {
  return { name: `memo "${subject}"`, text: `${subject}\n${body}` };
}
