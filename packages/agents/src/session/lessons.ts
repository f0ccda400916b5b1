import type { Lesson } from "@memomesh/core";
import type { SessionContext } from "../agent.ts";
import { indexLessons } from "./lesson-index.ts";
import { matches } from "./paths.ts";

/** Shared words say that a lesson is about the memo; one may be chance. */
const fewestWords = 2;
/** Files beyond these are not compared with globs: a listing says little about a memo. */
const mostFiles = 300;

/**
 * The lessons that may apply to a memo, the likeliest first: those whose globs cover a file that the memo names, then those
 * that share words with it, then those whose globs cover some file that the session can see.
 *
 * @param files what the session can see, `<node>:<path>` for what was granted
 */
export function lessonsFor(
  { memo, thread }: Pick<SessionContext, "memo" | "thread">,
  files: readonly string[],
  lessons: readonly Lesson[],
): readonly Lesson[] {
  const texts = [memo, ...thread].map(({ header, body }) => `${header.subject}\n${body}`).join("\n");
  const visible = files.map((file) => file.replace(/^[a-z][a-z0-9-]*:/, ""));
  const named = namedFiles(texts, visible);
  const some = visible.slice(0, mostFiles);
  const hits = new Map(
    indexLessons(lessons)
      .search(texts)
      .map((hit) => [hit.lesson, hit]),
  );
  const ranked = lessons.map((lesson) => {
    const { score = 0, shared = 0 } = hits.get(lesson) ?? {};
    const covers = (paths: readonly string[]) =>
      lesson.appliesTo.some((glob) => paths.some((path) => matches(glob, path)));
    const rank = (covers(named) ? 10_000 : 0) + (shared >= fewestWords ? 1 + score : 0);
    return { lesson, rank: rank > 0 ? rank : Number(covers(some)) };
  });
  return ranked
    .filter(({ rank }) => rank > 0)
    .sort((a, b) => b.rank - a.rank)
    .map(({ lesson }) => lesson);
}

/** A lesson as a model reads it: as it stands in the file, in one form. */
export function lessonText({ title, symptom, cause, fix, appliesTo }: Lesson): string {
  const lines = [title, `Symptom: ${symptom}`, `Cause: ${cause}`, `Fix: ${fix}`];
  return [...lines, ...(appliesTo.length === 0 ? [] : [`Applies to: ${appliesTo.join(", ")}`])].join("\n");
}

/** What a text names as paths, and the files that lie below them. */
function namedFiles(text: string, files: readonly string[]): readonly string[] {
  const found = text.match(/[\w@+-][\w@.+/-]{0,300}/g) ?? [];
  const paths = new Set(found.filter((word) => /[./]/.test(word)).map((word) => word.replace(/[./]+$/, "")));
  const below = files.filter((file) => {
    const names = file.split("/");
    return names.some((_, index) => paths.has(names.slice(0, index + 1).join("/")));
  });
  return [...new Set([...paths, ...below.slice(0, mostFiles)])];
}
