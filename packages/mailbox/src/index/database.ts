import { lstatSync, mkdirSync, rmSync } from "node:fs";
import { dirname } from "node:path";
import { DatabaseSync } from "node:sqlite";

/** Another number is another schema: then the index is made anew. */
const schemaVersion = 1;

/** How long one process waits while another one writes the index, in milliseconds. */
const patience = 30_000;

/** Finds a word in its other forms, and without regard to accents: https://sqlite.org/fts5.html#tokenizers */
export const tokenizer = "porter unicode61 remove_diacritics 2";

// An entry and its words have the same number, which grows with the minute of the entry's date: the newest are found
// without a look at any table. `tags` holds what filters ask for, so that one look answers words and filters together.
const schema = `
  create table folders (path text primary key, stamp integer not null, checked integer not null) without rowid;
  create table files (
    id integer primary key, path text not null unique, folder text not null, node text not null,
    size integer not null, stamp integer not null
  );
  create index files_by_folder on files (folder);
  create table entries (
    id integer primary key, file integer not null, kind text not null, memo text, sender text, recipients text,
    type text, at integer not null, line integer not null
  );
  create index entries_by_file on entries (file);
  create virtual table words using fts5 (title, body, tags, tokenize = '${tokenizer}');
  insert into words (words, rank) values ('hashsize', 33554432);
  pragma user_version = ${schemaVersion};
`;

/**
 * Opens the index of a mesh. One that is missing, broken or of another version is made anew and empty; where none can be
 * kept, it lives in memory.
 *
 * @param path absolute
 */
export function openDatabase(path: string): DatabaseSync {
  for (const prepare of [() => undefined, () => discard(path)]) {
    try {
      mkdirSync(dirname(path), { recursive: true });
      prepare();
      if (lstatSync(path, { throwIfNoEntry: false })?.isFile() === false) throw new Error(`${path} is no plain file`);
      return prepared(new DatabaseSync(path, { timeout: patience }));
    } catch {
      // Whatever it was: the index is only a cache, and the next way makes another one.
    }
  }
  return prepared(new DatabaseSync(":memory:"));
}

function prepared(database: DatabaseSync): DatabaseSync {
  try {
    database.exec(
      "pragma journal_mode = wal; pragma synchronous = normal; pragma cache_size = -32000; pragma temp_store = memory",
    );
    if (versionOf(database) === 0) create(database);
    const version = versionOf(database);
    if (version !== schemaVersion) throw new Error(`the index has schema ${version}`);
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
}

function create(database: DatabaseSync): void {
  database.exec("begin immediate");
  // Another process may have been faster.
  if (versionOf(database) === 0) database.exec(schema);
  database.exec("commit");
}

function versionOf(database: DatabaseSync): unknown {
  return database.prepare("pragma user_version").get()?.user_version;
}

/** Removes a database and what SQLite keeps beside it. A folder of that name is left alone: it is none of ours. */
export function discard(path: string): void {
  for (const each of [path, `${path}-wal`, `${path}-shm`, `${path}-journal`]) {
    if (lstatSync(each, { throwIfNoEntry: false })?.isDirectory() !== true) rmSync(each, { force: true });
  }
}

// https://sqlite.org/rescode.html; the second byte only details the first.
const broken = new Set([
  1, // ERROR: a table or column that should be there is not
  10, // IOERR
  11, // CORRUPT
  14, // CANTOPEN
  20, // MISMATCH
  26, // NOTADB
]);

/** Whether an error says that the index itself cannot be used, and not that another process is at it. */
export function isBroken(error: unknown): boolean {
  const { code, errcode } = error as { code?: unknown; errcode?: unknown };
  return code === "ERR_SQLITE_ERROR" && typeof errcode === "number" && broken.has(errcode & 0xff);
}
