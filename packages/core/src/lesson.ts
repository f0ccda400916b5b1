import type { LessonDraft } from "./changeset.ts";

/** A lesson as it stands in docs/ai-lessons.md. What its author left out is "". */
export interface Lesson extends LessonDraft {
  /** The name that errors give. */
  readonly file: string;
  /** Line of the heading, counted from 1. */
  readonly line: number;
  /** What the `yaml detect` block says, unread. */
  readonly detect?: Detector;
  /** The `##` heading below which it stands. */
  readonly category?: string;
  /** How often it was learned, the first time included; absent: once. */
  readonly seen?: number;
}

/** The source of a detector. */
export interface Detector {
  readonly text: string;
  /** Line of its first line in the file, counted from 1. */
  readonly line: number;
}

const labels = {
  symptom: "symptom",
  cause: "cause",
  fix: "fix",
  "applies to": "appliesTo",
  impact: "impact",
  seen: "seen",
} as const;
type Field = (typeof labels)[keyof typeof labels];

/** `**Symptom:**` anywhere, with the colon inside or outside; without the stars only at the beginning of a line. */
const label =
  /(?<!\\)\*\*(symptom|cause|fix|applies to|impact|seen)[ \t]*(?::[ \t]*\*\*|\*\*[ \t]*:)|^(symptom|cause|fix|applies to|impact|seen):/gim;

/**
 * Reads lessons. Any Markdown will do: a section below a `###` heading that has none of the labels is no lesson, and
 * whatever a lesson lacks stays empty.
 *
 * @param file the name that errors give
 * @see docs/formats.md, "A lesson"
 */
export function parseLessons(source: string, file: string): readonly Lesson[] {
  const lessons: Lesson[] = [];
  let open: Section | undefined;
  let category: string | undefined;
  for (const line of readLines(source)) {
    const heading = line.part === "text" ? /^ {0,3}(#{1,3})[ \t]+(.*?)(?:[ \t]+#+)?[ \t]*$/.exec(line.text) : null;
    if (heading !== null) {
      if (open !== undefined) lessons.push(...lessonOf(open, file));
      const title = heading[2] ?? "";
      if (heading[1] !== "###") category = heading[1] === "##" ? oneLine(title) : undefined;
      open = heading[1] === "###" ? { title, category, line: line.number, prose: [], detect: [] } : undefined;
    } else if (line.part !== "text" && /^ya?ml[ \t]+detect\b/i.test(line.info)) {
      if (line.part === "inside") open?.detect.push(line);
    } else open?.prose.push(line.text);
  }
  return open === undefined ? lessons : [...lessons, ...lessonOf(open, file)];
}

/** A lesson as a section of docs/ai-lessons.md, without a line end behind it. {@link parseLessons} reads it back. */
export function printLesson({ title, symptom, cause, fix, appliesTo, impact }: LessonDraft): string {
  const globs = appliesTo.map((glob) => `\`${oneLine(glob).replaceAll("`", "")}\``).join(", ");
  const lines = [
    `### ${oneLine(title)}`,
    `**Symptom:** ${plain(symptom)}`,
    `**Cause:** ${plain(cause)}`,
    `**Fix:** ${plain(fix)}`,
    ...(globs === "" ? [] : [`**Applies to:** ${globs}`]),
    ...(impact === undefined ? [] : [`**Impact:** ${impact}`]),
  ];
  return lines.join("\n");
}

interface Section {
  readonly title: string;
  readonly category: string | undefined;
  readonly line: number;
  readonly prose: string[];
  readonly detect: Line[];
}

interface Line {
  readonly text: string;
  /** From 1. */
  readonly number: number;
  /** Whether it belongs to a fenced block: its marks, or what stands between them. */
  readonly part: "text" | "marks" | "inside";
  /** What stands behind the opening marks of its block. */
  readonly info: string;
}

function readLines(source: string): readonly Line[] {
  let open: { readonly marks: string; readonly info: string } | undefined;
  return source.split(/\r?\n/).map((text, index): Line => {
    const number = index + 1;
    const [, marks = "", rest = ""] = /^ {0,3}(`{3,}|~{3,})(.*)$/.exec(text) ?? [];
    if (open === undefined) {
      if (marks === "") return { text, number, part: "text", info: "" };
      open = { marks, info: rest.trim() };
      return { text, number, part: "marks", info: open.info };
    }
    const { info } = open;
    const closes = marks.startsWith(open.marks) && rest.trim() === "";
    if (closes) open = undefined;
    return { text, number, part: closes ? "marks" : "inside", info };
  });
}

function lessonOf({ title, category, line, prose, detect }: Section, file: string): Lesson[] {
  const text = prose.join("\n");
  const found = [...text.matchAll(label)];
  if (found.length === 0) return [];
  const fields: Record<Field, string> = { symptom: "", cause: "", fix: "", appliesTo: "", impact: "", seen: "" };
  for (const [index, match] of found.entries()) {
    const name = labels[(match[1] ?? match[2] ?? "").toLowerCase() as keyof typeof labels];
    const value = unescaped(text.slice(match.index + match[0].length, found[index + 1]?.index).trim());
    fields[name] = fields[name] === "" ? value : `${fields[name]}\n${value}`;
  }
  const [first] = detect;
  const { seen, impact, ...told } = fields;
  const [times] = /^\d{1,6}/.exec(seen) ?? [];
  return [
    {
      file,
      line,
      title: oneLine(title),
      ...(category === undefined ? {} : { category }),
      ...told,
      ...(times === undefined ? {} : { seen: Number(times) }),
      ...(/^high\b/i.test(impact) ? { impact: "high" } : {}),
      appliesTo: globsOf(fields.appliesTo),
      ...(first === undefined
        ? {}
        : { detect: { text: detect.map((each) => each.text).join("\n"), line: first.number } }),
    },
  ];
}

/** Globs in backticks; without any, words between commas. */
function globsOf(text: string): readonly string[] {
  const quoted = [...text.matchAll(/`([^`]+)`/g)].map((match) => (match[1] ?? "").trim());
  const found = quoted.length > 0 ? quoted : text.split(",").map((each) => each.trim().replace(/\.$/, ""));
  return found.filter((glob) => /^\S+$/.test(glob));
}

/** One line that opens no label of its own. */
function plain(text: string): string {
  return oneLine(text).replace(/\*\*(?=(?:symptom|cause|fix|applies to|impact|seen)\b)/gi, "\\**");
}

function unescaped(text: string): string {
  return text.replace(/\\\*\*(?=(?:symptom|cause|fix|applies to|impact|seen)\b)/gi, "**");
}

function oneLine(text: string): string {
  return text.replace(/\s+/g, " ").trim();
}
