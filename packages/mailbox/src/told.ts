import type { Commit } from "./commit.ts";
import { saysAll } from "./commit-message.ts";
import { type GitPlace, git } from "./git.ts";

/** How many commits are looked through: what is repeated after a crash is among the last. */
const lookedThrough = 100;

/**
 * Those of some commits that the history does not tell of: none of its last commits has their subject and every trailer.
 * One without trailers says nothing that its files do not say.
 */
export async function untoldAmong(place: GitPlace, commits: readonly Commit[]): Promise<readonly Commit[]> {
  const telling = commits.filter(({ trailers, echo = false }) => trailers.length > 0 && !echo);
  if (telling.length === 0) return [];
  const { out } = await git(place, ["log", "-z", "--format=%B", `--max-count=${lookedThrough}`, "HEAD"]);
  const messages = out.split("\0");
  return telling.filter((commit) => !messages.some((message) => saysAll(message, commit)));
}
