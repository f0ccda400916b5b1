import type { DatabaseSync } from "node:sqlite";
import { tokenizer } from "./database.ts";
import type { EntryKind } from "./entry.ts";
import { matchText, type SearchQuery } from "./query.ts";
import { type FileRow, firstNumber } from "./writer.ts";

/** Text in pieces, of which those are marked that were searched for. */
export type Marked = readonly { readonly text: string; readonly found: boolean }[];

/** Something that fits a query. */
export interface Hit {
  readonly kind: EntryKind;
  /** The node that keeps it. */
  readonly node: string;
  /** Relative to the mesh's root. */
  readonly path: string;
  /** Where it begins, counted from 1. */
  readonly line: number;
  /** ISO 8601. */
  readonly date: string;
  readonly title: Marked;
  /** Where in it the words stand. */
  readonly snippet: Marked;
  /** Of a memo. */
  readonly memo: string | undefined;
  readonly from: string | undefined;
  readonly to: string | undefined;
  readonly type: string | undefined;
}

/** The answer to a query, the best first. */
export interface Found {
  readonly hits: readonly Hit[];
  /** How many entries fit; no more than {@link mostRanked} are counted. */
  readonly total: number;
  /** Nothing has all of the words; this has some of them. */
  readonly partial: boolean;
}

/**
 * How many entries are ranked. A word that stands in more of them says little about any; then these are the newest, so
 * that no query waits for a score of everything.
 */
const mostRanked = 1000;

/** A word in the title counts as much as so many in the text. */
const titleWeight = 8;

/** An entry of today counts twice as much as a very old one; one that is so many days old is half-way between. */
const halfDays = 30;

interface Candidate {
  readonly id: number;
  /** Lower is better: https://sqlite.org/fts5.html#the_bm25_function */
  readonly score: number;
}

/** Searches the index as it is. */
export function searchIndex(
  database: DatabaseSync,
  query: SearchQuery,
  { limit, now }: { readonly limit: number; readonly now: number },
): Found & { readonly files: readonly FileRow[] } {
  const exact = candidates(database, query, matchText(query));
  const partial = exact.length === 0 && query.words.length > 1;
  const found = partial ? candidates(database, query, matchText(query, "any")) : exact;
  const ranked =
    query.words.length === 0 ? found : found.toSorted((a, b) => weighed(a, now) - weighed(b, now) || b.id - a.id);
  const rows = ranked.slice(0, limit).flatMap(({ id }) => rowOf(database, id) ?? []);
  return {
    hits: marked(database, rows, query).map(hitOf),
    files: rows,
    total: found.length,
    partial: partial && found.length > 0,
  };
}

function candidates(
  database: DatabaseSync,
  { words, after = 0, before = Number.MAX_SAFE_INTEGER / 2 }: SearchQuery,
  match: string | undefined,
): Candidate[] {
  const range = [firstNumber(after), Math.min(Number.MAX_SAFE_INTEGER, firstNumber(before + 60_000) - 1)] as const;
  const newest = `order by rowid desc limit ${mostRanked}`;
  if (match === undefined) {
    const all = `select id, 0.0 as score from entries where id between ? and ? order by id desc limit ${mostRanked}`;
    return database.prepare(all).all(...range) as unknown as Candidate[];
  }
  const score = words.length === 0 ? "0.0" : `bm25(words, ${titleWeight}, 1, 0)`;
  const sql = `select rowid as id, ${score} as score from words where words match ? and rowid between ? and ? ${newest}`;
  return database.prepare(sql).all(match, ...range) as unknown as Candidate[];
}

function weighed({ id, score }: Candidate, now: number): number {
  const days = Math.max(0, firstNumber(now) - id) / (firstNumber(86_400_000) || 1);
  return score * (1 + halfDays / (halfDays + days));
}

interface Row extends FileRow {
  readonly id: number;
  readonly kind: EntryKind;
  readonly memo: string | null;
  readonly sender: string | null;
  readonly recipients: string | null;
  readonly type: string | null;
  readonly at: number;
  readonly line: number;
  readonly title: string;
  readonly body: string;
}

function rowOf(database: DatabaseSync, id: number): Row | undefined {
  const file = "files.path, files.folder, files.node, files.size, files.stamp";
  const entry = "entries.id, kind, memo, sender, recipients, type, at, line";
  const joined = "words join entries on entries.id = words.rowid join files on files.id = entries.file";
  const sql = `select ${file}, ${entry}, title, body from ${joined} where words.rowid = ?`;
  return database.prepare(sql).get(id) as Row | undefined;
}

/** Characters of a text that are shown when no word of it was searched for. */
const beginning = 200;

/**
 * Marks what was found, in a small index of the hits alone: in the large one SQLite walks through all entries with a
 * common word to reach a single one of them.
 */
function marked(database: DatabaseSync, rows: readonly Row[], query: SearchQuery): Row[] {
  const match = matchText({ ...query, filters: [] }, "any");
  if (match === undefined) return rows.map((row) => ({ ...row, body: row.body.slice(0, beginning) }));
  database.exec(
    `create virtual table if not exists temp.shown using fts5 (title, body, tokenize = '${tokenizer}'); delete from temp.shown`,
  );
  const insert = database.prepare("insert into temp.shown (rowid, title, body) values (?, ?, ?)");
  for (const { id, title, body } of rows) insert.run(id, title, body);
  const text = "highlight(shown, 0, char(1), char(2)) as title, snippet(shown, 1, char(1), char(2), '…', 28) as body";
  const told = database.prepare(`select rowid as id, ${text} from temp.shown where shown match ?`).all(match);
  const byId = new Map(told.map((each) => [each.id, each as Pick<Row, "title" | "body">]));
  return rows.map((row) => ({ ...row, ...byId.get(row.id) }));
}

function hitOf({ kind, node, path, line, at, title, body, memo, sender, recipients, type }: Row): Hit {
  return {
    kind,
    node,
    path,
    line,
    date: new Date(at).toISOString(),
    title: markedText(title),
    snippet: markedText(body),
    memo: memo ?? undefined,
    from: sender ?? undefined,
    to: recipients || undefined,
    type: type ?? undefined,
  };
}

function markedText(text: string): Marked {
  const pieces = text
    .replace(/\s+/g, " ")
    .trim()
    .split(/[\u0001\u0002]/);
  return pieces.map((piece, index) => ({ text: piece, found: index % 2 === 1 })).filter((piece) => piece.text !== "");
}
