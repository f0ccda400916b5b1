import { type MemoHeader, MeshError, parseLessons, parseMemo, splitFrontmatter } from "@memomesh/core";

/** What a search finds. `opinion`: what a second agent thinks of a runbook. `reference`: what is true of the platform. */
export const entryKinds = [
  "memo",
  "runbook",
  "record",
  "opinion",
  "lesson",
  "plan",
  "state",
  "reference",
  "stages",
] as const;
export type EntryKind = (typeof entryKinds)[number];

/** A part of a file that is found by itself: the whole of it, or one of its lessons. */
export interface Entry {
  readonly kind: EntryKind;
  readonly title: string;
  readonly body: string;
  /** Milliseconds since 1970. */
  readonly at: number;
  /** Where it begins in the file, counted from 1. */
  readonly line: number;
  /** Of a memo, as far as its header can be read. */
  readonly memo?: Pick<MemoHeader, "id" | "from" | "to" | "type">;
}

/** A file as it was read for the index. */
export interface ReadFile {
  readonly kind: EntryKind;
  /** The name that a person gives it, for want of a heading. */
  readonly name: string;
  /** The node that keeps it. */
  readonly node: string;
  readonly source: string;
  /** When it was last written, in milliseconds since 1970. */
  readonly written: number;
}

/** What of a file can be found. A file that cannot be read as what it should be is found by its words all the same. Pure. */
export function entriesOf(file: ReadFile): Entry[] {
  if (file.kind === "memo") return [memoEntry(file)];
  if (file.kind === "lesson") return lessonEntries(file);
  const { data, body } = headed(file.source);
  const written = data.created ?? data.updated ?? data.date;
  const title = /^#[ \t]+(.+)$/m.exec(body)?.[1]?.trim() ?? file.name;
  const heading = file.kind === "state" && /^state$/i.test(title) ? `State of ${file.node}` : title;
  return [{ kind: file.kind, title: heading, body: below(body), at: timeOf(written, file.written), line: 1 }];
}

function memoEntry({ name, node, source, written }: ReadFile): Entry {
  try {
    const { header, body } = parseMemo(source, name, { to: node });
    const { id, from, to, type, subject } = header;
    const memo = {
      to,
      ...(id === undefined ? {} : { id }),
      ...(from === undefined ? {} : { from }),
      ...(type === undefined ? {} : { type }),
    };
    return {
      kind: "memo",
      title: subject,
      body: below(body),
      at: timeOf(header.date ?? header.delivered, written),
      line: 1,
      memo,
    };
  } catch (error) {
    if (!(error instanceof MeshError)) throw error;
    return { kind: "memo", title: name, body: source, at: written, line: 1 };
  }
}

function lessonEntries({ name, source, written }: ReadFile): Entry[] {
  return parseLessons(source, name).map(({ title, line, symptom, cause, fix, appliesTo }) => {
    const body = `${symptom}\nCause: ${cause}\nFix: ${fix}\n${appliesTo.join(" ")}`;
    return { kind: "lesson", title, body, at: written, line };
  });
}

function headed(source: string): { data: Record<string, unknown>; body: string } {
  try {
    return splitFrontmatter(source, "");
  } catch (error) {
    if (!(error instanceof MeshError)) throw error;
    return { data: {}, body: source };
  }
}

/** What stands below the heading at the top: the heading is the title already. */
function below(body: string): string {
  return body.replace(/^\s*#[ \t][^\n]*\n?/, "");
}

/** A date that nobody can have meant, such as the year 60000, is none. */
function timeOf(said: unknown, otherwise: number): number {
  const time = typeof said === "string" ? Date.parse(said) : Number.NaN;
  return time >= 0 && time < latest ? time : otherwise;
}

/** The beginning of the year 2200. */
const latest = 7_258_118_400_000;
