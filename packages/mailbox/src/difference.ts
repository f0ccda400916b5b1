import { type GitPlace, git, gitFailed } from "./git.ts";

/**
 * What a commit changed in a file, as `git show` prints it without its head. Nothing that lies in the work tree decides
 * how it is shown.
 *
 * @param path below the work tree
 * @throws MeshError `history.git.failed`
 */
export async function readDifference(place: GitPlace, hash: string, path: string): Promise<string> {
  const plain = ["--no-color", "--no-ext-diff", "--no-textconv", "--no-renames", "--no-notes"];
  const answer = await git(place, [
    "-c",
    "log.showSignature=false",
    "show",
    "--format=",
    ...plain,
    hash,
    "--",
    `:(literal)${path}`,
  ]);
  if (answer.exit !== 0) throw gitFailed("reading a difference", answer);
  const from = answer.out.indexOf("\n--- ");
  return from === -1 ? answer.out.trimEnd() : answer.out.slice(from + 1).trimEnd();
}
