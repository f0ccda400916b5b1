import type { Stats } from "node:fs";
import { join } from "node:path";
import type { FileDigest } from "@memomesh/core";
import type { Decision } from "@memomesh/guard";
import { digestFile, readTree, status, treeDigest, Undigestible } from "./tree.ts";

/** The files that a step names in its needs, as they are now. */
export interface NamedFiles {
  readonly digests: readonly FileDigest[];
  /** How much the folders among them hold, by path. */
  readonly folders: ReadonlyMap<string, FolderSize>;
  /** Why a step that names these files cannot be approved. An absent file is none: its step may still be undone. */
  readonly problems: readonly string[];
}

export interface FolderSize {
  /** Files, in it and in its folders. */
  readonly files: number;
  readonly bytes: number;
}

/**
 * Digests files and folders without following a link.
 *
 * A file's digest is that of its bytes, as `sha256sum` prints it. For a folder's see `treeDigest`.
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
  const folders = new Map<string, FolderSize>();
  const problems: string[] = [];
  for (const path of paths) {
    try {
      refuseForbidden(path, allowed);
      const { digest, size } = await digestPath(meshRoot, path);
      digests.push({ path, digest });
      if (size !== undefined) folders.set(path, size);
    } catch (error) {
      if (!(error instanceof Undigestible)) throw error;
      problems.push(error.message);
      digests.push({ path, digest: null });
    }
  }
  return { digests, folders, problems };
}

function refuseForbidden(path: string, allowed: (path: string) => Decision): void {
  const decision = allowed(path);
  if (!decision.allowed) throw new Undigestible(`it may not name \`${path}\`: ${decision.reason}`);
}

interface DigestedPath {
  readonly digest: string | null;
  /** Of a folder. */
  readonly size?: FolderSize;
}

async function digestPath(meshRoot: string, path: string): Promise<DigestedPath> {
  let current = meshRoot;
  let found: Stats | undefined;
  for (const part of path.split("/")) {
    current = join(current, part);
    found = await status(current);
    if (found === undefined) return { digest: null };
    if (found.isSymbolicLink()) throw new Undigestible(`\`${path}\` leads through a symbolic link (${current}).`);
  }
  if (!found?.isDirectory()) return { digest: (await digestFile(current, path)).digest };
  const entries = await readTree(current, path);
  const files = entries.flatMap((entry) => (entry.kind === "file" ? [entry.bytes] : []));
  const bytes = files.reduce((sum, size) => sum + size, 0);
  return { digest: treeDigest(entries), size: { files: files.length, bytes } };
}
