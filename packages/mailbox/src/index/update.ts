import { closeSync, constants, fstatSync, lstatSync, openSync, readdirSync, readSync } from "node:fs";
import { join, relative } from "node:path";
import type { DatabaseSync } from "node:sqlite";
import { setImmediate as breathe } from "node:timers/promises";
import { errnoOf } from "../fault.ts";
import { entriesOf } from "./entry.ts";
import type { Place } from "./places.ts";
import { EntryWriter, type FileRow } from "./writer.ts";

/** How far an update is. */
export interface UpdateProgress {
  readonly done: number;
  readonly total: number;
}

/** Whether a folder is as it was is known from its time alone; whether its archived files are is looked at so often, in ms. */
const checkEvery = 600_000;

/** Clocks of file systems are coarse: what was written this shortly before it was read may change and show the same time. */
const coarseMs = 2000;

/** The most of a file that is searched, in bytes. */
const mostBytes = 1_048_576;

/** How many files are written at once, so that others can read the index in between. */
const batch = 5000;

interface Seen {
  readonly place: Place;
  readonly path: string;
  readonly name: string;
  readonly size: number;
  readonly written: number;
}

/** How a folder differs from what the index knows of it. Paths are relative to the mesh's root. */
interface Difference {
  readonly folder: string;
  readonly changed: readonly Seen[];
  readonly gone: readonly string[];
  /** What the index is to know of the folder from now on; undefined: what it knows already. */
  readonly stamp: number | undefined;
}

/**
 * Brings the index into step with the files: what is new or changed is read, what is gone is taken out.
 *
 * @param options.thorough looks at every file, also in archives where nothing has come or gone
 */
export async function updateIndex(
  database: DatabaseSync,
  root: string,
  places: readonly Place[],
  options: { readonly thorough?: boolean; readonly progress?: (at: UpdateProgress) => void } = {},
): Promise<void> {
  const writer = new EntryWriter(database);
  const now = Date.now();
  const known = new Map(writer.folders().map((folder) => [folder.path, folder]));
  const differences: Difference[] = [];
  for (const place of places) {
    const folder = relative(root, place.folder);
    const before = known.get(folder);
    const stamp = stampOf(place.folder, now);
    if (stamp === undefined) continue;
    known.delete(folder);
    const due = options.thorough === true || before === undefined || now - before.checked >= checkEvery;
    if (!due && place.archive && stamp > 0 && before.stamp === stamp) continue;
    const noted = due || before.stamp !== stamp;
    differences.push({ ...compare(writer, place, root), folder, stamp: noted ? stamp : undefined });
  }
  const lost = [...known.keys()];
  const gone = [...differences.flatMap((each) => each.gone), ...lost.flatMap((path) => pathsIn(writer, path))];
  const changed = differences.flatMap((each) => each.changed);
  const looked = differences.flatMap(({ folder, stamp }) => (stamp === undefined ? [] : [{ folder, stamp }]));
  if (gone.length + lost.length > 0) {
    writer.inTransaction(() => {
      for (const path of gone) writer.remove(path);
      for (const path of lost) writer.forget(path);
    });
  }
  for (let done = 0; done < changed.length; done += batch) {
    options.progress?.({ done, total: changed.length });
    writer.inTransaction(() => {
      for (const seen of changed.slice(done, done + batch)) writeFile(writer, root, seen, now);
    });
    await breathe();
  }
  // Merging what many transactions have written takes a second and makes every later search a third quicker.
  if (changed.length >= batch) database.exec("insert into words (words) values ('optimize')");
  if (looked.length === 0) return;
  writer.inTransaction(() => {
    for (const { folder, stamp } of looked) writer.looked(folder, stamp, now);
  });
}

function compare(writer: EntryWriter, place: Place, root: string): Pick<Difference, "changed" | "gone"> {
  const files = new Map(writer.filesIn(relative(root, place.folder)).map((file) => [file.path, file]));
  const seen = filesIn(place, root);
  const changed = seen.filter((each) => !isSame(files.get(each.path), each));
  for (const { path } of seen) files.delete(path);
  return { changed, gone: [...files.keys()] };
}

function pathsIn(writer: EntryWriter, folder: string): string[] {
  return writer.filesIn(folder).map(({ path }) => path);
}

function writeFile(writer: EntryWriter, root: string, { place, path, name, size, written }: Seen, now: number): void {
  const kind = place.kindOf(name);
  const source = kind === undefined ? undefined : textOf(join(place.folder, name));
  writer.remove(path);
  if (kind === undefined || source === undefined) return;
  const stamp = now - written < coarseMs ? 0 : Math.trunc(written);
  const row = { path, folder: relative(root, place.folder), node: place.node, size, stamp };
  writer.add(row, entriesOf({ kind, name, node: place.node, source, written: Math.trunc(written) }));
}

function isSame(row: FileRow | undefined, { size, written }: Seen): boolean {
  return row !== undefined && row.size === size && row.stamp === Math.trunc(written);
}

/** Whether a file is still as the index knows it. */
export function isCurrent(root: string, row: FileRow): boolean {
  const found = lstatSync(join(root, row.path), { throwIfNoEntry: false });
  if (found?.isFile() !== true || found.size !== row.size) return false;
  return row.stamp === 0 || row.stamp === Math.trunc(found.mtimeMs);
}

/** When something came into a folder or left it; 0 when that was just now, undefined when there is no such folder. */
function stampOf(folder: string, now: number): number | undefined {
  const found = lookAt(folder);
  if (found?.isDirectory() !== true) return undefined;
  return now - found.mtimeMs < coarseMs ? 0 : Math.trunc(found.mtimeMs);
}

function filesIn(place: Place, root: string): Seen[] {
  return readdirSync(place.folder).flatMap((name): Seen[] => {
    const path = join(place.folder, name);
    const found = place.kindOf(name) === undefined ? undefined : lookAt(path);
    if (found?.isFile() !== true) return [];
    return [{ place, path: relative(root, path), name, size: found.size, written: found.mtimeMs }];
  });
}

/** Undefined also for what may not be looked at: a search shows what can be read. */
function lookAt(path: string) {
  try {
    return lstatSync(path, { throwIfNoEntry: false });
  } catch (error) {
    if (errnoOf(error) === undefined) throw error;
    return undefined;
  }
}

/** The text of a plain file; links are not followed, and nothing that could block is waited for. */
function textOf(path: string): string | undefined {
  let file: number;
  try {
    file = openSync(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  } catch (error) {
    if (errnoOf(error) === undefined) throw error;
    return undefined;
  }
  try {
    const bytes = Buffer.allocUnsafe(Math.min(mostBytes, fstatSync(file).size));
    return bytes.toString("utf8", 0, readSync(file, bytes, 0, bytes.length, 0));
  } catch (error) {
    if (errnoOf(error) === undefined) throw error;
    return undefined;
  } finally {
    closeSync(file);
  }
}
