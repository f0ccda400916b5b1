import { copyFile, mkdir, mkdtemp, readdir, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { errnoOf } from "./fault.ts";
import type { GitPlace } from "./git.ts";
import { type Entry, followCommit } from "./git-index.ts";
import { isGone, thisProcess } from "./owner.ts";

// A commit is prepared in a folder of its own inside the git folder, `memomesh/<owner>-<random>/`: a copy of the index,
// the message, and the journal, which says what the paths held before the commit. Between the commit and the moment in
// which the person's index has followed, that index looks as if the person had staged the opposite of the commit. Should
// the process die there, the journal lets the next one finish.

/** The folder in which one commit is prepared. */
export interface CommitDesk {
  readonly index: string;
  readonly message: string;
  readonly journal: string;
}

/** Makes a desk. Its index starts as a copy of the person's, whose file times spare git from reading every file again. */
export async function openDesk(place: GitPlace): Promise<CommitDesk> {
  const desks = join(place.gitDir, "memomesh");
  await mkdir(desks, { recursive: true });
  const desk = deskIn(await mkdtemp(join(desks, `${thisProcess()}-`)));
  await copyFile(join(place.gitDir, "index"), desk.index).catch(unlessMissing);
  return desk;
}

/** Writes down what the paths held before the commit. From here on the desk must be settled before it is removed. */
export async function writeJournal(desk: CommitDesk, before: ReadonlyMap<string, Entry>): Promise<void> {
  const draft = `${desk.journal}.draft`;
  await writeFile(draft, JSON.stringify([...before]));
  await rename(draft, desk.journal);
}

export async function removeDesk(desk: CommitDesk): Promise<void> {
  await rm(dirname(desk.index), { recursive: true, force: true });
}

/** Leaves a desk for whoever comes next, since the person's index could not follow yet. */
export async function leaveDesk(desk: CommitDesk): Promise<void> {
  const folder = dirname(desk.index);
  await rename(folder, join(dirname(folder), `left-${basename(folder).slice(-6)}`));
}

/**
 * Finishes what commits that were interrupted have left: the person's index follows, the desk goes. Repeatable, and safe
 * while others do the same.
 */
export async function settleLeftDesks(place: GitPlace): Promise<void> {
  const desks = join(place.gitDir, "memomesh");
  const names = await readdir(desks).catch(unlessMissing);
  for (const name of names ?? []) {
    if (name.startsWith("left-") || isGone(name.slice(0, name.lastIndexOf("-")))) {
      await settle(place, deskIn(join(desks, name)));
    }
  }
}

async function settle(place: GitPlace, desk: CommitDesk): Promise<void> {
  const journal = await readFile(desk.journal, "utf8").catch(unlessMissing);
  if (journal !== undefined) {
    const before = new Map(JSON.parse(journal) as [string, Entry][]);
    const { exit } = await followCommit(place, before);
    if (exit !== 0) return;
  }
  if (await isStillWritten(desk)) return;
  await removeDesk(desk);
}

const hour = 3_600_000;

// Git outlives a coordinator that was killed, for as long as a hook takes. Its lock on the desk's index tells; when git
// was killed as well, the lock stays and means nothing after a while.
async function isStillWritten(desk: CommitDesk): Promise<boolean> {
  const lock = await stat(`${desk.index}.lock`).catch(unlessMissing);
  return lock !== undefined && Date.now() - lock.mtimeMs < hour;
}

function deskIn(folder: string): CommitDesk {
  return { index: join(folder, "index"), message: join(folder, "message"), journal: join(folder, "journal.json") };
}

function unlessMissing(error: unknown): undefined {
  if (errnoOf(error) !== "ENOENT") throw error;
}
