import { stemsOf } from "@memomesh/agents";
import { type Lesson, type LessonDraft, parseLessons, printLesson } from "@memomesh/core";

/** A file of lessons with one more in it, or with one that was learned again. */
export interface KeptLesson {
  readonly source: string;
  /** The older lesson that says the same; undefined: it is new. */
  readonly known: Lesson | undefined;
}

/** From which share of common words on two lessons say the same. */
const sameFrom = 0.6;

/**
 * Adds a lesson at the end of a file, or of one of its categories, newest last. One that is there already, in other words,
 * is counted there instead.
 *
 * @param source of docs/ai-lessons.md
 * @param day ISO 8601
 * @param category a `##` heading, which is made when it is not there
 */
export function withLesson(source: string, lesson: LessonDraft, day: string, category?: string): KeptLesson {
  const known = nearest(parseLessons(source, ""), lesson);
  if (known !== undefined) return { source: seenAgain(source, known, day), known };
  return { source: inserted(source, printLesson(lesson), category), known: undefined };
}

function inserted(source: string, lesson: string, category: string | undefined): string {
  const lines = source.split("\n");
  const ofCategory =
    category === undefined ? [] : parseLessons(source, "").filter((each) => isSame(each.category, category));
  const last = ofCategory.at(-1);
  if (last !== undefined) return lines.toSpliced(lastLine(lines, last), 0, "", lesson).join("\n");
  // One without a category stands before the first of them, and not below the last.
  const first = category === undefined ? headingAfter(lines, 0, /^ {0,3}##[ \t]/) : lines.length;
  if (first < lines.length) return lines.toSpliced(first, 0, lesson, "").join("\n");
  const gap = source.endsWith("\n") ? "" : "\n";
  const heading = category === undefined ? "" : `## ${category}\n\n`;
  return `${source}${gap}\n${heading}${lesson}\n`;
}

function isSame(one: string | undefined, other: string): boolean {
  return one?.toLowerCase() === other.toLowerCase();
}

/** The lesson that says the same; of several the most alike. */
function nearest(lessons: readonly Lesson[], lesson: LessonDraft): Lesson | undefined {
  const words = wordsOf(lesson);
  const [best] = lessons
    .map((each) => ({ each, alike: likeness(words, wordsOf(each)) }))
    .filter(({ alike }) => alike >= sameFrom)
    .sort((a, b) => b.alike - a.alike);
  return best?.each;
}

/** The file with a lesson counted once more, or as often as another one that is merged into it. */
export function seenAgain(source: string, lesson: Lesson, day: string, times = 1): string {
  const lines = source.split("\n");
  const end = endOf(lines, lesson.line);
  const says = `**Seen:** ${(lesson.seen ?? 1) + times} times, last on ${day.slice(0, 10)}.`;
  const there = lines.slice(lesson.line, end).findIndex((line) => /^\*\*Seen:\*\*/i.test(line));
  if (there !== -1) return lines.with(lesson.line + there, says).join("\n");
  const fence = lines.slice(lesson.line, end).findIndex((line) => /^ {0,3}(?:`{3}|~{3})/.test(line));
  let at = fence === -1 ? end : lesson.line + fence;
  while (at > lesson.line && (lines[at - 1] ?? "").trim() === "") at -= 1;
  return lines.toSpliced(at, 0, says).join("\n");
}

/** The file without a lesson. */
export function withoutLesson(source: string, { line }: Lesson): string {
  const lines = source.split("\n");
  return lines.toSpliced(line - 1, endOf(lines, line) - line + 1).join("\n");
}

/** The last line of a lesson that is not empty, counted from 1. */
export function lastLine(lines: readonly string[], { line }: Pick<Lesson, "line">): number {
  let end = endOf(lines, line);
  while (end > line && (lines[end - 1] ?? "").trim() === "") end -= 1;
  return end;
}

/** The index behind the last line of the lesson whose heading stands in this line. */
function endOf(lines: readonly string[], heading: number): number {
  return headingAfter(lines, heading, /^ {0,3}#{1,3}[ \t]/);
}

/** The index of the first such line that stands in no fence; the number of lines when there is none. */
function headingAfter(lines: readonly string[], start: number, pattern: RegExp): number {
  let open = "";
  for (let at = start; at < lines.length; at += 1) {
    const [, marks = ""] = /^ {0,3}(`{3,}|~{3,})/.exec(lines[at] ?? "") ?? [];
    if (marks !== "") open = open === "" ? marks : marks.startsWith(open) ? "" : open;
    else if (open === "" && pattern.test(lines[at] ?? "")) return at;
  }
  return lines.length;
}

function wordsOf({ title, symptom, cause }: LessonDraft): ReadonlySet<string> {
  return new Set(stemsOf(`${title} ${symptom} ${cause}`));
}

function likeness(a: ReadonlySet<string>, b: ReadonlySet<string>): number {
  const shared = [...a].filter((word) => b.has(word)).length;
  return shared === 0 ? 0 : shared / (a.size + b.size - shared);
}
