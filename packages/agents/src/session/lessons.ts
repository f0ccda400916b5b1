import { isStale, type Lesson, readFacts } from "@memomesh/core";
import type { SessionContext } from "../agent.ts";
import { indexLessons, type LessonHit } from "./lesson-index.ts";
import { wordsOf } from "./lesson-words.ts";
import { matches } from "./paths.ts";

/** Shared words say that a lesson is about the memo; one may be chance. */
const fewestWords = 2;
/** What a word of the platform's facts counts beside one of the memo's. */
const factShare = 0.3;
/** Files beyond these are not compared with globs: a listing says little about a memo. */
const mostFiles = 300;
/** Words and files beyond these say no more about why a lesson was chosen. */
const mostNamed = 6;

/** Why a lesson was chosen for a session. */
export interface LessonReason {
  /** It is told to every session, for its impact is high. */
  readonly always: boolean;
  /** Files that the memo names and that the lesson is about, as `path (glob)`. */
  readonly files: readonly string[];
  /** Words of the memo and its thread that it has, those that say the most first. */
  readonly words: readonly string[];
  /** Words that it has from what the facts say of the platform now. */
  readonly facts: readonly string[];
  /** Glob that fits some file which the session can see, when nothing else speaks for the lesson. */
  readonly glob?: string;
}

/** A lesson for a session. */
export interface ChosenLesson {
  readonly lesson: Lesson;
  readonly reason: LessonReason;
}

/**
 * The lessons that may apply to a memo, the likeliest first: those of high impact; those whose globs cover a file that the
 * memo names; those that share words with it, or a word with it and others with the platform's facts; then those whose
 * globs cover some file that the session can see.
 *
 * @param files what the session can see, `<node>:<path>` for what was granted
 */
export function lessonsFor(
  { memo, thread, platform, now }: Pick<SessionContext, "memo" | "thread" | "platform" | "now">,
  files: readonly string[],
  lessons: readonly Lesson[],
): readonly ChosenLesson[] {
  const texts = [memo, ...thread].map(({ header, body }) => `${header.subject}\n${body}`).join("\n");
  const visible = files.map((file) => file.replace(/^[a-z][a-z0-9-]*:/, ""));
  const named = namedFiles(texts, visible);
  const some = visible.slice(0, mostFiles);
  const index = indexLessons(lessons);
  const hitsOf = (text: string) => new Map(index.search(text).map((hit) => [hit.lesson, hit]));
  const [byMemo, byFacts] = [hitsOf(texts), hitsOf(factWords(platform, new Date(now), texts))];
  const ranked = lessons.flatMap((lesson) => {
    const { memo: words, facts } = wordHits(byMemo.get(lesson), byFacts.get(lesson));
    const covered = coverage(lesson, named);
    const always = lesson.impact === "high";
    const rank =
      (always ? 1_000_000 : 0) +
      (covered.length > 0 ? 10_000 : 0) +
      (words === undefined ? 0 : 1 + words.score + factShare * (facts?.score ?? 0));
    const [seen] = rank > 0 ? [] : coverage(lesson, some);
    if (rank === 0 && seen === undefined) return [];
    const reason: LessonReason = {
      always,
      files: covered.slice(0, mostNamed).map(({ path, glob }) => `${path} (${glob})`),
      words: words?.words().slice(0, mostNamed) ?? [],
      facts: facts?.words().slice(0, mostNamed) ?? [],
      ...(seen === undefined ? {} : { glob: seen.glob }),
    };
    return [{ chosen: { lesson, reason }, rank }];
  });
  return ranked.sort((a, b) => b.rank - a.rank).map(({ chosen }) => chosen);
}

/** Why a lesson was chosen, for a person: parts without a full stop. */
export function reasonText({ always, files, words, facts, glob }: LessonReason): string {
  return [
    ...(always ? ["high impact: always"] : []),
    ...(files.length === 0 ? [] : [`the memo names ${files.join(", ")}`]),
    ...(words.length === 0 ? [] : [`its words: ${words.join(", ")}`]),
    ...(facts.length === 0 ? [] : [`the platform: ${facts.join(", ")}`]),
    ...(glob === undefined ? [] : [`there are files that fit ${glob}`]),
  ].join("; ");
}

/** A lesson as a model reads it: as it stands in the file, in one form. */
export function lessonText({ title, symptom, cause, fix, appliesTo }: Lesson): string {
  const lines = [title, `Symptom: ${symptom}`, `Cause: ${cause}`, `Fix: ${fix}`];
  return [...lines, ...(appliesTo.length === 0 ? [] : [`Applies to: ${appliesTo.join(", ")}`])].join("\n");
}

/** The words that count: enough of the memo's, or one of the memo's that others of the platform's stand beside. */
function wordHits(
  memo: LessonHit | undefined,
  facts: LessonHit | undefined,
): { readonly memo?: LessonHit; readonly facts?: LessonHit | undefined } {
  const shared = (memo?.shared ?? 0) + (facts?.shared ?? 0);
  return memo !== undefined && shared >= fewestWords ? { memo, facts } : {};
}

/** What the facts that still hold say beyond the memo; numbers say nothing about lessons. */
function factWords(platform: string, now: Date, memo: string): string {
  const known = new Set(wordsOf(memo).map(({ stem }) => stem));
  const facts = readFacts(platform).filter((fact) => !isStale(fact, now));
  return wordsOf(facts.map(({ name, text }) => `${name}\n${text}`).join("\n"))
    .filter(({ stem, written }) => !known.has(stem) && !/^\d+$/.test(written))
    .map(({ written }) => written)
    .join(" ");
}

/** Each glob of a lesson that fits one of the paths, with the first such path. */
function coverage(
  { appliesTo }: Lesson,
  paths: readonly string[],
): readonly { readonly path: string; readonly glob: string }[] {
  return appliesTo.flatMap((glob) => {
    const path = paths.find((each) => matches(glob, each));
    return path === undefined ? [] : [{ path, glob }];
  });
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
