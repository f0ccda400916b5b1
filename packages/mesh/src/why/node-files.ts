import type { Dirent } from "node:fs";
import { constants } from "node:fs";
import { open, readdir } from "node:fs/promises";
import { join } from "node:path";
import type { Mesh, MeshNode } from "../load.ts";

/** A text file of a node's project. */
export interface NodeFile {
  readonly node: MeshNode;
  /** Absolute. */
  readonly path: string;
  readonly lines: readonly string[];
}

/** What configures no service: mail, runbooks, tests, and what programs make. */
const passedOver = new Set([
  ".git",
  ".memomesh",
  "node_modules",
  "memos",
  "runbooks",
  "dist",
  "docs",
  "vendor",
  "test",
  "tests",
  "templates",
]);
const mostFiles = 20_000;
const mostBytes = 262_144;

/** The text files of all nodes, without their mail and their documentation. Links are not followed. */
export async function* nodeFiles(mesh: Mesh, wanted: (name: string) => boolean): AsyncGenerator<NodeFile, void> {
  const own = new Set([...mesh.nodes.values()].map(({ folder }) => folder));
  let left = mostFiles;
  for (const node of mesh.nodes.values()) {
    const folders = [node.folder];
    for (let folder = folders.pop(); folder !== undefined; folder = folders.pop()) {
      for (const entry of await entriesOf(folder)) {
        const path = join(folder, entry.name);
        if (entry.isDirectory()) {
          if (!passedOver.has(entry.name) && !own.has(path)) folders.push(path);
        } else if (entry.isFile() && wanted(entry.name)) {
          left -= 1;
          if (left < 0) return;
          const text = await textOf(path);
          if (text !== undefined) yield { node, path, lines: text.split(/\r?\n/) };
        }
      }
    }
  }
}

async function entriesOf(folder: string): Promise<Dirent[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  return entries.sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** Undefined for what is no text, too long to have been written by hand, or gone. */
async function textOf(path: string): Promise<string | undefined> {
  try {
    const file = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
    try {
      if ((await file.stat()).size > mostBytes) return undefined;
      const text = await file.readFile("utf8");
      return text.includes("\0") ? undefined : text;
    } finally {
      await file.close();
    }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === undefined) throw error;
    return undefined;
  }
}
