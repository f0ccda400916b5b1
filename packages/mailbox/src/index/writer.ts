import type { DatabaseSync, StatementSync } from "node:sqlite";
import type { Entry } from "./entry.ts";
import { tag } from "./query.ts";

/** A file as the index knows it. */
export interface FileRow {
  /** Relative to the mesh's root. */
  readonly path: string;
  readonly folder: string;
  readonly node: string;
  readonly size: number;
  /** When it was written, in milliseconds since 1970; 0: too shortly before it was read to be sure. */
  readonly stamp: number;
}

interface FolderRow {
  readonly path: string;
  readonly stamp: number;
  readonly checked: number;
}

/** How many entries of one minute have numbers of their own; more than that take those of the next minute. */
const perMinute = 65_536;

/** The smallest number that an entry of this time can have. */
export function firstNumber(at: number): number {
  return Math.floor(at / 60_000) * perMinute;
}

/** Writes files and their entries into the index. */
export class EntryWriter {
  readonly #database: DatabaseSync;
  readonly #statements = new Map<string, StatementSync>();

  constructor(database: DatabaseSync) {
    this.#database = database;
  }

  inTransaction(work: () => void): void {
    this.#database.exec("begin immediate");
    try {
      work();
      this.#database.exec("commit");
    } catch (error) {
      if (this.#database.isTransaction) this.#database.exec("rollback");
      throw error;
    }
  }

  folders(): FolderRow[] {
    return this.#run("select path, stamp, checked from folders").all() as unknown as FolderRow[];
  }

  filesIn(folder: string): FileRow[] {
    return this.#run("select path, folder, node, size, stamp from files where folder = ?").all(
      folder,
    ) as unknown as FileRow[];
  }

  /** Notes that all files of a folder were looked at. */
  looked(path: string, stamp: number, at: number): void {
    this.#run("insert or replace into folders (path, stamp, checked) values (?, ?, ?)").run(path, stamp, at);
  }

  /** Takes a folder out that is not searched any more. */
  forget(path: string): void {
    this.#run("delete from folders where path = ?").run(path);
  }

  add({ path, folder, node, size, stamp }: FileRow, entries: readonly Entry[]): void {
    const insert = "insert into files (path, folder, node, size, stamp) values (?, ?, ?, ?, ?)";
    const file = this.#run(insert).run(path, folder, node, size, stamp).lastInsertRowid;
    const row =
      "insert into entries (id, file, kind, memo, sender, recipients, type, at, line) values (?, ?, ?, ?, ?, ?, ?, ?, ?)";
    for (const entry of entries) {
      const { kind, title, body, at, line, memo } = entry;
      const id = this.#freeNumber(at);
      const { id: memoId = null, from = null, to = [], type = null } = memo ?? {};
      this.#run(row).run(id, file, kind, memoId, from, to.join(", "), type, at, line);
      const words = "insert into words (rowid, title, body, tags) values (?, ?, ?, ?)";
      this.#run(words).run(id, plain(title), plain(body), tagsOf(entry, node, path));
    }
  }

  remove(path: string): void {
    const file = this.#run("select id from files where path = ?").get(path)?.id;
    if (file === undefined) return;
    this.#run("delete from words where rowid in (select id from entries where file = ?)").run(file as number);
    this.#run("delete from entries where file = ?").run(file as number);
    this.#run("delete from files where id = ?").run(file as number);
  }

  #freeNumber(at: number): number {
    for (let first = firstNumber(at); ; first += perMinute) {
      const greatest = "select max(id) as id from entries where id >= ? and id < ?";
      const taken = this.#run(greatest).get(first, first + perMinute)?.id;
      const next = typeof taken === "number" ? taken + 1 : first;
      if (next < first + perMinute) return next;
    }
  }

  #run(sql: string): StatementSync {
    const statement = this.#statements.get(sql) ?? this.#database.prepare(sql);
    this.#statements.set(sql, statement);
    return statement;
  }
}

function tagsOf({ kind, memo }: Entry, node: string, path: string): string {
  const box = kind === "memo" ? /(?:^|\/)memos\/([a-z]+)\//.exec(path)?.[1] : undefined;
  return [
    tag("kind", kind),
    tag("node", node),
    ...(box === undefined ? [] : [tag("box", box)]),
    ...(memo?.from === undefined ? [] : [tag("from", memo.from)]),
    ...(memo?.to ?? []).map((each) => tag("to", each)),
    ...(memo?.type === undefined ? [] : [tag("type", memo.type)]),
  ].join(" ");
}

/** Without the two characters between which a search puts what it has found. */
function plain(text: string): string {
  return text.replaceAll(/[\u0001\u0002]/g, " ");
}
