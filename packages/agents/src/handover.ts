import type { FileChange, Outcome, OutgoingMemo } from "@memomesh/core";

const note = /^- memo ([0-9a-z]{5}): /;
/** How many files are named in place of notes. */
const mostNamed = 8;

/**
 * The handover notes with what a session leaves to the next one: one line for each memo, the newest first. What a person
 * wrote there stays above them, and the lines about other memos stay below.
 *
 * @param existing the notes as they are
 * @param memo end of the memo's id
 * @param most how many memos have a line
 */
export function handoverWith(existing: string, memo: string, text: string, most = 8): string {
  const lines = existing.split(/\r?\n/).filter((line) => note.exec(line)?.[1] !== memo);
  const others = lines.filter((line) => note.test(line)).slice(0, most - 1);
  const people = lines
    .filter((line) => !note.test(line))
    .join("\n")
    .trim();
  const notes = [`- memo ${memo}: ${oneLine(text)}`, ...others].join("\n");
  return people === "" ? notes : `${people}\n\n${notes}`;
}

/**
 * Why what a session would hand over is not enough for whoever comes next; undefined when it is.
 *
 * @param text what the session has reported; undefined when it has reported nothing
 * @param existing the handover notes of STATE.md as the session found them
 * @param memo end of the memo's id
 */
export function handoverLack(text: string | undefined, existing: string, memo: string): string | undefined {
  if (text === undefined || text.trim() === "") return "it leaves no handover notes";
  const stands = existing.split(/\r?\n/).includes(`- memo ${memo}: ${oneLine(text)}`);
  return stands ? "its handover notes are those that an earlier session has left" : undefined;
}

/** What the mesh knows of a session that has left no handover notes. It stands in their place and says that it does. */
export function handoverInPlace({
  outcome,
  files,
  memos,
}: {
  readonly outcome: Outcome;
  readonly files: readonly FileChange[];
  readonly memos: readonly OutgoingMemo[];
}): string {
  const paths = files.map(({ path }) => path);
  const more = paths.length > mostNamed ? ` and ${paths.length - mostNamed} more` : "";
  const [said = ""] = outcome.notes.trim().split(/\r?\n/, 1);
  return [
    "left by memomesh, since the agent left no handover notes",
    paths.length === 0 ? "it changed no files" : `it changed ${paths.slice(0, mostNamed).join(", ")}${more}`,
    ...(outcome.kind === "prepared" ? [`it prepared ${outcome.runbook.path}`] : []),
    ...memos.map(({ to, subject }) => `it wrote to ${to.join(", ")}: ${oneLine(subject)}`),
    `its last words: ${said}`,
  ].join("; ");
}

function oneLine(text: string): string {
  return text.replace(/\s+/g, " ").trim();
}
