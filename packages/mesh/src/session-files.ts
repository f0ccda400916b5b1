import { constants } from "node:fs";
import { lstat, open, readdir } from "node:fs/promises";
import { join, relative, sep } from "node:path";
import type { SessionFiles } from "@memomesh/agents";
import { Exit, MeshError, sha256 } from "@memomesh/core";
import { mayRead } from "@memomesh/guard";
import type { Mesh, MeshNode } from "./load.ts";

const largestRead = 4 * 1024 * 1024;
const longestListing = 5000;
/** Folders that say nothing about a project and would flood a listing. */
const skipped = new Set(["node_modules", ".git", ".memomesh"]);

/**
 * What a session sees of the disk: its own folder, and of other nodes what was granted. Nothing else exists for it.
 *
 * Every read in the own folder is recorded with its digest, so that the changeset can say what it was based on.
 * Symbolic links are never followed: for a session they do not exist.
 */
export function sessionFiles(mesh: Mesh, node: MeshNode): SessionFiles {
  const base: Record<string, string | null> = {};
  const copied: Record<string, string | null> = {};

  /** @throws MeshError `session.read.denied` with the reason */
  function locate(path: string): { owner: MeshNode; inside: string } {
    const [, name, rest] = /^([a-z][a-z0-9-]*):(.*)$/s.exec(path) ?? [];
    const owner = name === undefined ? node : mesh.nodes.get(name);
    const inside = normal(rest ?? path);
    if (owner === undefined) throw denied(path, `there is no node "${name}"`);
    if (inside === undefined) throw denied(path, "it leads out of the folder");
    if (owner.id !== node.id) {
      const decision = mayRead({ id: node.id, grants: node.config.grants }, owner.id, inside);
      if (!decision.allowed) throw denied(path, decision.reason);
    }
    return { owner, inside };
  }

  async function readBytes(path: string): Promise<Buffer | undefined> {
    const { owner, inside } = locate(path);
    const bytes = await readPlain(owner.folder, inside);
    if (owner.id === node.id) copied[inside] = bytes === undefined ? null : sha256(bytes);
    return bytes;
  }

  function relyOn(path: string): void {
    const { owner, inside } = locate(path);
    const digest = copied[inside];
    if (owner.id === node.id && digest !== undefined) base[inside] ??= digest;
  }

  async function read(path: string): Promise<string | undefined> {
    const { owner, inside } = locate(path);
    const bytes = await readPlain(owner.folder, inside);
    if (owner.id === node.id) base[inside] = bytes === undefined ? null : sha256(bytes);
    return bytes?.toString("utf8");
  }

  async function granted(): Promise<readonly string[]> {
    const reader = { id: node.id, grants: node.config.grants };
    const others = [...mesh.nodes.values()].filter(({ id, operator }) => id !== node.id && !operator);
    const files = await Promise.all(
      others.map(async ({ id, folder }) =>
        (await grantedFiles(folder, readGrants(node, id)))
          .filter((path) => mayRead(reader, id, path).allowed)
          .map((path) => `${id}:${path}`),
      ),
    );
    return files.flat().sort();
  }

  async function list(path: string): Promise<readonly string[]> {
    const { owner, inside } = locate(path);
    const start = await plainPath(owner.folder, inside);
    return start === undefined ? [] : (await walk(start)).sort();
  }

  async function exists(path: string): Promise<boolean> {
    const { owner, inside } = locate(path);
    return (await plainPath(owner.folder, inside)) !== undefined;
  }

  function meshPath(path: string): string {
    const { owner, inside } = locate(path);
    return relative(mesh.root, join(owner.folder, inside)).split(sep).join("/");
  }

  return { read, readBytes, relyOn, list, granted, exists, meshPath, base: () => ({ ...base }) };
}

/** The patterns in which a node may read another one's files. */
function readGrants(node: MeshNode, owner: string): string[] {
  return node.config.grants.read.flatMap((grant) => {
    const [whose, ...pattern] = grant.split("/");
    return whose === "*" || whose === owner ? [pattern.join("/")] : [];
  });
}

/** The files that patterns could mean: only the folders in front of their first wildcard are walked. */
async function grantedFiles(folder: string, patterns: readonly string[]): Promise<string[]> {
  const starts = new Set(patterns.map(fixedPart));
  const found = await Promise.all(
    [...starts].map(async (start) => {
      const path = await plainPath(folder, start);
      if (path === undefined) return [];
      if ((await lstat(path)).isFile()) return [start];
      return (await walk(path)).map((file) => (start === "" ? file : `${start}/${file}`));
    }),
  );
  return [...new Set(found.flat())];
}

/** The part of a pattern that has no wildcard: `dist` of `dist/**`. */
function fixedPart(pattern: string): string {
  const names = pattern.split("/");
  const wild = names.findIndex((name) => /[*?[{]/.test(name));
  return (wild === -1 ? names : names.slice(0, wild)).join("/");
}

function denied(path: string, reason: string): MeshError {
  return new MeshError("session.read.denied", `${path} cannot be read here: ${reason}`, { exit: Exit.notPermitted });
}

/** The path with "/" between its parts, or undefined when it is absolute or leads upwards. */
function normal(path: string): string | undefined {
  const parts = path.split("/").filter((part) => part !== "" && part !== ".");
  return path.startsWith("/") || parts.includes("..") || path.includes("\0") ? undefined : parts.join("/");
}

/** The absolute path when every part of it is a plain folder and the last one a plain file or folder. */
async function plainPath(folder: string, inside: string): Promise<string | undefined> {
  let current = folder;
  for (const part of inside.split("/").filter((each) => each !== "")) {
    current = join(current, part);
    const found = await lstat(current).catch(() => undefined);
    if (found === undefined || !(found.isFile() || found.isDirectory())) return undefined;
  }
  return current;
}

async function readPlain(folder: string, inside: string): Promise<Buffer | undefined> {
  const path = await plainPath(folder, inside);
  if (path === undefined) return undefined;
  const file = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK).catch(
    () => undefined,
  );
  if (file === undefined) return undefined;
  try {
    const found = await file.stat();
    if (!found.isFile()) return undefined;
    if (found.size > largestRead)
      throw denied(inside, `it has ${found.size} bytes and a session reads at most ${largestRead}`);
    return await file.readFile();
  } finally {
    await file.close();
  }
}

async function walk(start: string): Promise<string[]> {
  const files: string[] = [];
  const pending = [""];
  for (let folder = pending.pop(); folder !== undefined && files.length < longestListing; folder = pending.pop()) {
    const entries = await readdir(join(start, folder), { withFileTypes: true }).catch(() => []);
    for (const entry of entries) {
      const path = folder === "" ? entry.name : `${folder}/${entry.name}`;
      if (entry.isDirectory() && !skipped.has(entry.name)) pending.push(path);
      else if (entry.isFile()) files.push(path);
    }
  }
  return files;
}
