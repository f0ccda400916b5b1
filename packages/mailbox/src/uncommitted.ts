import { join, relative } from "node:path";
import { MeshError } from "@memomesh/core";
import { type GitPlace, git, lastWords } from "./git.ts";

/**
 * The files that differ from the last commit.
 *
 * @param folders absolute; everything in them counts
 * @param removalsIn absolute; of these only what is gone counts, since what lies there is not settled yet
 * @returns absolute paths
 * @throws MeshError `history.git.failed`
 */
export async function uncommittedPaths(place: GitPlace, folders: readonly string[], removalsIn: readonly string[]): Promise<string[]> {
  const paths = [...folders, ...removalsIn].map((folder) => `:(top,literal)${relative(place.workTree, folder)}`);
  const answer = await git(place, ["status", "--porcelain", "-z", "--no-renames", "--untracked-files=all", "--ignored=no", "--", ...paths]);
  if (answer.exit !== 0) throw new MeshError("history.git.failed", `git status failed: ${lastWords(answer)}`);
  const gone = removalsIn.map((folder) => `${folder}/`);
  return answer.out.split("\0").flatMap((line) => {
    const path = join(place.workTree, line.slice(3));
    const isRemoval = line[1] === "D" || line[0] === "D";
    return line === "" || (!isRemoval && gone.some((folder) => path.startsWith(folder))) ? [] : [path];
  });
}
