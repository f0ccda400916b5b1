import { mkdir, mkdtemp, realpath, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join, posix } from "node:path";
import type { ReadFile } from "../material.ts";

/** A folder that holds the subject's files and nothing else, for programs to look at. */
export interface PrivateCopy extends AsyncDisposable {
  /** Absolute. */
  readonly folder: string;
  /** Empty, for what a program wants to keep. */
  readonly home: string;
  /** Where a file of the subject lies in it. */
  locate(path: string): string;
  /** Adds a file that the subject names and does not have, empty. */
  touch(path: string): Promise<void>;
  /** Writes a file of the gate's own beside the copy. */
  place(name: string, text: string): Promise<string>;
}

/**
 * Kinds that are data to every program that sees them. Code and settings of such programs stay outside: a plugin beside
 * a playbook would run.
 */
const copied: readonly ReadFile["kind"][] = [
  "compose",
  "kubernetes",
  "playbook",
  "ansible-tasks",
  "prometheus-rules",
  "yaml",
  "caddyfile",
  "nginx",
  "shell",
  "env",
];

export async function makePrivateCopy(files: readonly ReadFile[]): Promise<PrivateCopy> {
  const root = await realpath(await mkdtemp(join(tmpdir(), "memomesh-gate-")));
  const folder = join(root, "files");
  const home = join(root, "home");
  await Promise.all([mkdir(folder), mkdir(home)]);
  // A path cannot lead out: it is resolved from the top of a file system whose top is the folder.
  const locate = (path: string) => join(folder, posix.resolve("/", path));
  const add = async (path: string, text: string) => {
    await mkdir(dirname(locate(path)), { recursive: true });
    await writeFile(locate(path), text, { flag: "wx", mode: 0o600 }).catch(ignoreExisting);
  };
  for (const { path, kind, text } of files) {
    const hidden = path.split("/").some((name) => name.startsWith(".") && name !== "." && name !== "..");
    if (copied.includes(kind) && (!hidden || kind === "env")) await add(path, text);
  }
  return {
    folder,
    home,
    locate,
    touch: (path) => add(path, ""),
    place: async (name, text) => {
      await writeFile(join(home, name), text);
      return join(home, name);
    },
    [Symbol.asyncDispose]: () => rm(root, { recursive: true, force: true }),
  };
}

/** Two names for one file, or a file where another path has a folder: the first one stays. */
function ignoreExisting(error: NodeJS.ErrnoException): void {
  if (!["EEXIST", "EISDIR", "ENOTDIR"].includes(error.code ?? "")) throw error;
}
