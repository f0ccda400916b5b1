import { createHash } from "node:crypto";
import { constants, type Stats } from "node:fs";
import { lstat, open, readdir } from "node:fs/promises";
import { join } from "node:path";
import { type FileDigest, sha256 } from "@memomesh/core";
import type { Decision } from "@memomesh/guard";

/** The files that a step names in its needs, as they are now. */
export interface NamedFiles {
  readonly digests: readonly FileDigest[];
  /** Why a step that names these files cannot be approved. An absent file is none: its step may still be undone. */
  readonly problems: readonly string[];
}

/** More than this is no input of a deployment step but a mistake, such as a whole disk. */
const mostEntries = 50_000;

/** A file or folder that cannot be digested for a reason that its reviewer has to know. */
class Undigestible extends Error {}

/**
 * Digests files and folders without following a link.
 *
 * A file's digest is that of its bytes, as `sha256sum` prints it. A folder's is that of a list of all it holds, sorted
 * by path, with each file's digest and whether it is executable; an empty folder counts, times and owners do not.
 *
 * @param paths relative to the mesh, in their shortest form, as `parseRunbook` lets them through; those of a node beside the mesh begin with `..`
 * @param allowed which of them this runbook may name
 */
export async function digestNamedFiles(
  meshRoot: string,
  paths: readonly string[],
  allowed: (path: string) => Decision,
): Promise<NamedFiles> {
  const digests: FileDigest[] = [];
  const problems: string[] = [];
  for (const path of paths) {
    try {
      refuseForbidden(path, allowed);
      digests.push({ path, digest: await digestPath(meshRoot, path) });
    } catch (error) {
      if (!(error instanceof Undigestible)) throw error;
      problems.push(error.message);
      digests.push({ path, digest: null });
    }
  }
  return { digests, problems };
}

function refuseForbidden(path: string, allowed: (path: string) => Decision): void {
  const decision = allowed(path);
  if (!decision.allowed) throw new Undigestible(`it may not name \`${path}\`: ${decision.reason}`);
}

async function digestPath(meshRoot: string, path: string): Promise<string | null> {
  let current = meshRoot;
  let found: Stats | undefined;
  for (const part of path.split("/")) {
    current = join(current, part);
    found = await status(current);
    if (found === undefined) return null;
    if (found.isSymbolicLink()) throw new Undigestible(`\`${path}\` leads through a symbolic link (${current}).`);
  }
  if (found?.isDirectory()) return digestTree(current, path);
  return digestFile(current, path);
}

async function digestTree(folder: string, path: string): Promise<string> {
  const lines: string[] = [];
  await listTree(folder, "", path, lines);
  return sha256(JSON.stringify(["memomesh tree 1", ...lines.sort()]));
}

async function listTree(folder: string, below: string, named: string, lines: string[]): Promise<void> {
  for (const name of await readdir(folder)) {
    const path = join(folder, name);
    const relative = below === "" ? name : `${below}/${name}`;
    const found = await status(path);
    if (found === undefined) throw new Undigestible(`\`${named}\` changed while it was read (${relative}).`);
    if (lines.length >= mostEntries) throw new Undigestible(`\`${named}\` holds more than ${mostEntries} files.`);
    if (found.isDirectory()) {
      lines.push(`${relative}/`);
      await listTree(path, relative, named, lines);
    } else {
      const digest = await digestFile(path, `${named}/${relative}`);
      lines.push(`${relative}\n${(found.mode & 0o111) === 0 ? "-" : "x"} ${digest}`);
    }
  }
}

async function digestFile(path: string, named: string): Promise<string> {
  const file = await openPlainly(path, named);
  try {
    if (!(await file.stat()).isFile())
      throw new Undigestible(`\`${named}\` is a special file; expected files and folders.`);
    const hash = createHash("sha256");
    for await (const chunk of file.createReadStream({ autoClose: false })) hash.update(chunk as Buffer);
    return `sha256:${hash.digest("hex")}`;
  } finally {
    await file.close();
  }
}

/** O_NONBLOCK: opening a named pipe must not wait for a writer. */
async function openPlainly(path: string, named: string) {
  try {
    return await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ELOOP") throw new Undigestible(`\`${named}\` is a symbolic link; expected files and folders.`);
    if (code === "ENXIO") throw new Undigestible(`\`${named}\` is a special file; expected files and folders.`);
    throw new Undigestible(`\`${named}\` cannot be read (${code}).`);
  }
}

async function status(path: string): Promise<Stats | undefined> {
  try {
    return await lstat(path);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ENOENT" || code === "ENOTDIR") return undefined;
    throw error;
  }
}
