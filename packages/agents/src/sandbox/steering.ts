import { mkdir, rm, writeFile } from "node:fs/promises";
import { join, posix } from "node:path";
import { checkChangePath } from "@memomesh/guard";
import type { Checkout } from "../programs/checkout.ts";
import { ownPath } from "../programs/collect.ts";

/** What programs would obey, or git would run, if an agent laid it into its folder. "/" behind a name: a folder. */
const masked = [
  ...[".git/", ".github/", ".claude/", ".codex/", ".gemini/", ".cursor/", ".vscode/", ".husky/"],
  ...[".mcp.json", ".envrc", "AGENTS.md", "AGENTS.override.md", "CLAUDE.md", "CLAUDE.local.md", "GEMINI.md"],
  ...["node.yml", "mesh.yml"],
];

/** What steers agents in a checkout, while a program works there. Paths are absolute. */
export interface Steering {
  readonly paths: readonly string[];
  /** Removes what only kept a place. The program has ended; nothing that it could have moved lies above these. */
  clear(): Promise<void>;
}

/**
 * What no changeset may hold stays as it is in a node's own folder. What is not there gets an empty file or folder in its
 * place for as long as the program runs, so that it cannot be made.
 */
export async function holdSteering(checkout: Checkout): Promise<Steering> {
  const { root, own, laid } = checkout;
  const folder = join(root, own);
  const laidHere = [...laid.keys()].flatMap((path) => ownPath(checkout, path) ?? []);
  const kept = new Set(laidHere.flatMap((path) => firstRefused(path) ?? []));
  const placed: string[] = [];
  for (const name of masked) {
    const path = name.replace("/", "");
    if (kept.has(path)) continue;
    if (await place(join(folder, path), path !== name)) placed.push(join(folder, path));
    else kept.add(path);
  }
  return {
    paths: [...[...kept].map((path) => join(folder, path)), ...placed],
    clear: async () => void (await Promise.all(placed.map((path) => rm(path, { recursive: true, force: true })))),
  };
}

/** The shortest part of a path that may not be changed, so that a folder full of mail is one place and not a thousand. */
function firstRefused(path: string): string | undefined {
  const names = path.split("/");
  const parts = names.map((_, index) => posix.join(...names.slice(0, index + 1)));
  return parts.find((part) => !checkChangePath(part).allowed);
}

/** @returns false when something is there: what was laid, or what a session has left that was killed and is continued */
async function place(path: string, isFolder: boolean): Promise<boolean> {
  try {
    await (isFolder ? mkdir(path) : writeFile(path, "", { flag: "wx" }));
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw error;
  }
}
