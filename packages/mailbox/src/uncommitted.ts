import { dirname, join, relative } from "node:path";
import { type GitPlace, git, gitFailed } from "./git.ts";

/** Git compares every file with every folder that it is asked about, and takes only so many; above this it is asked for all. */
const mostFolders = 1000;

/**
 * The files that differ from the last commit.
 *
 * @param folders absolute; everything in them counts
 * @param removalsIn absolute; of these only what is gone counts, since what lies there is not settled yet
 * @returns absolute paths
 * @throws MeshError `history.git.failed`
 */
export async function uncommittedPaths(
  place: GitPlace,
  folders: readonly string[],
  removalsIn: readonly string[],
): Promise<string[]> {
  const asked = [...folders, ...removalsIn].map((folder) => `:(top,literal)${relative(place.workTree, folder)}`);
  const shape = ["--porcelain", "-z", "--no-renames", "--untracked-files=all", "--ignored=no"];
  const answer = await git(place, ["status", ...shape, "--", ...(asked.length > mostFolders ? [] : asked)]);
  if (answer.exit !== 0) throw gitFailed("looking for what is not committed", answer);
  const [whole, gone] = [new Set(folders), new Set(removalsIn)];
  return answer.out.split("\0").flatMap((line) => {
    if (line === "") return [];
    const path = join(place.workTree, line.slice(3));
    const isRemoval = line[1] === "D" || line[0] === "D";
    const counts = isInside(path, whole) || (isRemoval && isInside(path, gone));
    return counts ? [path] : [];
  });
}

function isInside(path: string, folders: ReadonlySet<string>): boolean {
  for (let folder = dirname(path); folder !== dirname(folder); folder = dirname(folder))
    if (folders.has(folder)) return true;
  return false;
}
