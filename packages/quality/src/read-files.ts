import { constants } from "node:fs";
import { lstat, open, readdir } from "node:fs/promises";
import { join } from "node:path";
import { largestFile } from "./material.ts";
import type { GateFile } from "./subject.ts";

/** Folders that hold what others have made, and nothing that a person reviews. */
const left = new Set([
  ".git",
  ".hg",
  ".memomesh",
  "node_modules",
  "vendor",
  "dist",
  ".venv",
  ".terraform",
  "__pycache__",
]);

/** A gate that has to look at more is pointed at the wrong folder. */
const mostFiles = 5000;

/**
 * The text files at and below these paths. Links are not followed; what is no text is left out. Of a file that is too
 * large only the beginning is read: the gate will not look into it.
 *
 * @param paths absolute
 * @param name how findings name a file, with "/" separators
 * @param most in bytes
 */
export async function readFiles(
  paths: readonly string[],
  name: (path: string) => string,
  most = largestFile + 1,
): Promise<GateFile[]> {
  const found = new Set<string>();
  for (const path of paths) await collect(path, found);
  const files: GateFile[] = [];
  for (const path of [...found].sort()) {
    const text = await readText(path, most);
    if (text !== undefined) files.push({ path: name(path).replaceAll("\\", "/"), text });
  }
  return files;
}

async function collect(path: string, found: Set<string>): Promise<void> {
  if (found.size >= mostFiles) return;
  const status = await lstat(path);
  if (status.isFile()) found.add(path);
  if (!status.isDirectory()) return;
  for (const entry of await readdir(path, { withFileTypes: true })) {
    if ((entry.isDirectory() && !left.has(entry.name)) || entry.isFile()) await collect(join(path, entry.name), found);
  }
}

async function readText(path: string, most: number): Promise<string | undefined> {
  const file = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  try {
    const buffer = Buffer.alloc(Math.min((await file.stat()).size, most));
    const { bytesRead } = await file.read(buffer, 0, buffer.length, 0);
    const bytes = buffer.subarray(0, bytesRead);
    return bytes.includes(0) ? undefined : bytes.toString("utf8");
  } finally {
    await file.close();
  }
}
