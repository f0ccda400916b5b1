import { dirname, join, relative } from "node:path";
import { type GitPlace, git, gitFailed } from "./git.ts";

/** Git compares every file with every folder that it is asked about, and takes only so many; above this it is asked for all. */
const mostFolders = 1000;

/** A file that differs from the last commit. */
export interface Uncommitted {
  /** Absolute. */
  readonly path: string;
  readonly state: "new" | "changed" | "gone";
}

/**
 * The files that differ from the last commit.
 *
 * @param folders absolute; everything in them counts
 * @throws MeshError `history.git.failed`
 */
export async function readUncommitted(place: GitPlace, folders: readonly string[]): Promise<Uncommitted[]> {
  const asked = folders.map((folder) => `:(top,literal)${relative(place.workTree, folder)}`);
  const shape = ["--porcelain", "-z", "--no-renames", "--untracked-files=all", "--ignored=no"];
  const answer = await git(place, ["status", ...shape, "--", ...(asked.length > mostFolders ? [] : asked)]);
  if (answer.exit !== 0) throw gitFailed("looking for what is not committed", answer);
  const wanted = new Set(folders);
  return answer.out.split("\0").flatMap((line) => {
    if (line === "") return [];
    const path = join(place.workTree, line.slice(3));
    return isInside(path, wanted) ? [{ path, state: stateOf(line.slice(0, 2)) }] : [];
  });
}

function stateOf(letters: string): Uncommitted["state"] {
  if (letters.includes("D")) return "gone";
  return letters === "??" || letters.includes("A") ? "new" : "changed";
}

function isInside(path: string, folders: ReadonlySet<string>): boolean {
  for (let folder = dirname(path); folder !== dirname(folder); folder = dirname(folder))
    if (folders.has(folder)) return true;
  return false;
}
