import { link, lstat, mkdir, open, readdir, readFile, rename, rm } from "node:fs/promises";
import { basename, dirname, join, relative, sep } from "node:path";
import { MeshError, sha256 } from "@memomesh/core";
import { type CommitText, syncFolder, writeDurably } from "@memomesh/mailbox";

/** One file of a change. `before` is what the change was based on, `after` what it becomes; null: absent. */
export interface FileEdit {
  /** Absolute. */
  readonly path: string;
  /** Digest of the content that the change is based on, as `sha256` of core prints it. */
  readonly before: string | null;
  readonly after: string | null;
  readonly executable?: boolean;
}

/** Edits that are made together or not at all, and the commit that tells about them. */
export interface Change {
  readonly id: string;
  /** The folder that every edit stays in. Absolute. */
  readonly within: string;
  readonly edits: readonly FileEdit[];
  readonly commit: CommitText;
}

/** A file was no longer what the change was based on. Nothing of the change remains; the work is done again on the new base. */
export class BaseChanged extends Error {
  readonly path: string;
  constructor(path: string) {
    super(`${path} was changed meanwhile`);
    this.path = path;
  }
}

/**
 * Makes all edits of a change, durably, or none.
 *
 * The change is journaled first, so that a process that is killed half-way is finished by `recoverChanges`. A file is
 * set aside by rename before it is compared with its base, and the new one is linked into place without overwriting:
 * an edit that a person makes at any moment is found, never lost.
 *
 * @param journal the folder for the journal, on any file system
 * @throws BaseChanged when a file differs from its base; then every edit is taken back
 */
export async function applyChange(change: Change, journal: string): Promise<void> {
  for (const edit of change.edits) {
    await refuseLinks(change.within, edit.path);
    if ((await digestOf(edit.path)) !== edit.before) throw new BaseChanged(edit.path);
  }
  const entry = journalFile(journal, change.id);
  await mkdir(journal, { recursive: true });
  await writeDurably(entry, JSON.stringify(change));
  await perform(change, entry);
}

/** Forgets the journal of a change. To be called when its commit is made, or when there is no git. */
export async function settleChange(id: string, journal: string): Promise<void> {
  await rm(madeFile(journalFile(journal, id)), { force: true });
}

/**
 * Finishes what a killed process left half done.
 *
 * @returns the changes that stand now and may still have to be committed, and those that had to be taken back
 */
export async function recoverChanges(journal: string): Promise<{ finished: Change[]; undone: Change[] }> {
  const finished: Change[] = [];
  const undone: Change[] = [];
  const names = await readdir(journal).catch(() => []);
  for (const name of names.filter((each) => each.endsWith(".json") && !each.startsWith(".")).sort()) {
    const entry = join(journal, name);
    const change = JSON.parse(await readFile(entry, "utf8")) as Change;
    try {
      // What was made completely may have been edited by people since; only its commit is missing.
      if (!name.endsWith(".made.json")) await perform(change, entry);
      finished.push(change);
    } catch (error) {
      if (!(error instanceof BaseChanged)) throw error;
      undone.push(change);
    }
  }
  return { finished, undone };
}

async function perform(change: Change, entry: string): Promise<void> {
  const made: FileEdit[] = [];
  try {
    for (const edit of change.edits) {
      made.push(edit);
      await makeEdit(change, edit);
    }
  } catch (error) {
    for (const edit of made.reverse()) await takeBack(change, edit);
    await rm(entry, { force: true });
    throw error;
  }
  const folders = new Set(change.edits.map((edit) => dirname(edit.path)));
  for (const edit of change.edits) {
    await rm(asideOf(change, edit), { force: true });
    await rm(draftOf(change, edit), { force: true });
  }
  for (const folder of folders) await syncFolder(folder);
  await rename(entry, madeFile(entry));
  await syncFolder(dirname(entry));
}

async function makeEdit(change: Change, edit: FileEdit): Promise<void> {
  const aside = asideOf(change, edit);
  const after = edit.after === null ? null : sha256(edit.after);
  if ((await digestOf(edit.path)) === after) return;
  await mkdir(dirname(edit.path), { recursive: true });
  if (edit.before !== null && !(await exists(aside))) {
    await rename(edit.path, aside).catch((error: NodeJS.ErrnoException) => {
      throw error.code === "ENOENT" ? new BaseChanged(edit.path) : error;
    });
    if ((await digestOf(aside)) !== edit.before) throw new BaseChanged(edit.path);
  }
  if (edit.after !== null) await placeNew(change, edit, edit.after, (await lstat(aside).catch(() => undefined))?.mode);
  else if (await exists(edit.path)) throw new BaseChanged(edit.path);
}

async function placeNew(
  change: Change,
  edit: FileEdit,
  content: string,
  modeBefore: number | undefined,
): Promise<void> {
  const draft = draftOf(change, edit);
  await rm(draft, { force: true });
  const mode = edit.executable ? 0o755 : modeBefore === undefined ? 0o644 : modeBefore & 0o777;
  const file = await open(draft, "wx", mode);
  try {
    await file.writeFile(content);
    await file.sync();
  } finally {
    await file.close();
  }
  try {
    await link(draft, edit.path);
  } catch (error) {
    throw (error as NodeJS.ErrnoException).code === "EEXIST" ? new BaseChanged(edit.path) : error;
  } finally {
    await rm(draft, { force: true });
  }
}

/** Undoes one edit, unless a person has changed the file since: then theirs stays, and what was there before is kept beside it. */
async function takeBack(change: Change, edit: FileEdit): Promise<void> {
  const aside = asideOf(change, edit);
  await rm(draftOf(change, edit), { force: true });
  const after = edit.after === null ? null : sha256(edit.after);
  const now = await digestOf(edit.path);
  if (now !== null && now === after && (edit.before === null || (await exists(aside))))
    await rm(edit.path, { force: true });
  if (!(await exists(aside))) return;
  try {
    await link(aside, edit.path);
    await rm(aside);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
    if ((await digestOf(aside)) === edit.before) await rm(aside);
    else await rename(aside, `${edit.path}.${change.id.slice(-5).toLowerCase()}.orig`);
  }
}

/** A change must not be led out of its folder by a symbolic link that an agent or anyone else has put in the way. */
export async function refuseLinks(within: string, path: string): Promise<void> {
  const parts = relative(within, path).split(sep);
  if (parts[0] === "..") throw new MeshError("change.outside", `${path} lies outside of ${within}`);
  let current = within;
  for (const part of parts) {
    current = join(current, part);
    const found = await lstat(current).catch(() => undefined);
    if (found === undefined) return;
    if (found.isSymbolicLink() || (current === path && !found.isFile())) {
      throw new MeshError(
        "change.not-a-file",
        `${current} is ${found.isSymbolicLink() ? "a symbolic link" : "no plain file"}; a session writes plain files only. Remove it, or let the memo be worked on by a person`,
      );
    }
  }
}

async function digestOf(path: string): Promise<string | null> {
  try {
    return sha256(await readFile(path));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT" || (error as NodeJS.ErrnoException).code === "ENOTDIR")
      return null;
    throw error;
  }
}

async function exists(path: string): Promise<boolean> {
  return (await lstat(path).catch(() => undefined)) !== undefined;
}

/** Where the file lies while the edit is made. */
function asideOf(change: Change, edit: FileEdit): string {
  return besideOf(change, edit, "before");
}

/** Where the new file is written. Its name is always the same, so that a change that is taken up again leaves none behind. */
function draftOf(change: Change, edit: FileEdit): string {
  return besideOf(change, edit, "after");
}

function besideOf(change: Change, edit: FileEdit, when: "before" | "after"): string {
  const name = basename(edit.path).slice(0, 150);
  return join(dirname(edit.path), `.${name}.${change.id.slice(-10).toLowerCase()}.${when}.tmp`);
}

function journalFile(journal: string, id: string): string {
  return join(journal, `${id}.json`);
}

function madeFile(entry: string): string {
  return entry.replace(/\.json$/, ".made.json");
}
