import * as fs from "node:fs";
import { closeSync, mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";

const [open, write, fsync, rename] = [fs.open, fs.write, fs.fsync, fs.rename].map(promisify) as unknown as [
  (path: string, flags: string) => Promise<number>,
  (file: number, data: Buffer) => Promise<unknown>,
  (file: number) => Promise<void>,
  (from: string, to: string) => Promise<void>,
];

const data = Buffer.alloc(1100, "x");

/** How many files are on their way at a time. */
const atATime = 64;

export interface LimitOptions {
  readonly files: number;
  readonly folders: number;
}

/**
 * How many files a second this machine can make durable in the way in which a memo must be: written and synced under a
 * temporary name, renamed, and the folder synced.
 *
 * @returns files a second: each with its own folder sync, and in groups whose folders are synced once a group
 */
export async function diskLimit(root: string, options: LimitOptions): Promise<{ single: number; grouped: number }> {
  return { single: await rate(root, options, 1), grouped: await rate(root, options, 1000) };
}

async function rate(root: string, { files, folders }: LimitOptions, group: number): Promise<number> {
  const top = join(root, "limit");
  const places = Array.from({ length: folders }, (_, index) => join(top, String(index)));
  for (const place of places) mkdirSync(place, { recursive: true });
  const start = performance.now();
  if (group === 1) {
    await inParallel(files, async (index) => syncFolder(await makeFile(places, index)));
  } else {
    for (let first = 0; first < files; first += group) {
      const size = Math.min(group, files - first);
      const touched = new Set<string>();
      await inParallel(size, async (index) => touched.add(await makeFile(places, first + index)));
      const toSync = [...touched];
      await inParallel(toSync.length, (index) => syncFolder(toSync[index] as string));
    }
  }
  const seconds = (performance.now() - start) / 1000;
  rmSync(top, { recursive: true });
  return files / seconds;
}

async function inParallel(count: number, work: (index: number) => Promise<unknown>): Promise<void> {
  let next = 0;
  const worker = async () => {
    while (next < count) await work(next++);
  };
  await Promise.all(Array.from({ length: atATime }, worker));
}

async function makeFile(places: readonly string[], index: number): Promise<string> {
  const folder = places[index % places.length] as string;
  const temporary = join(folder, `.${index}.tmp`);
  const file = await open(temporary, "wx");
  await write(file, data);
  await fsync(file);
  closeSync(file);
  await rename(temporary, join(folder, `${index}.md`));
  return folder;
}

async function syncFolder(folder: string): Promise<void> {
  const file = await open(folder, "r");
  await fsync(file);
  closeSync(file);
}
