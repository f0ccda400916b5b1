import type { Commit } from "./commit.ts";

/** More than this in one commit would make it unreadable. */
const largest = 1000;

/**
 * Chooses what goes into the next commit: many at once when more than `together` wait, else the oldest.
 *
 * The oldest takes those with it that touch one of its files. A file is committed as it is by then, so the first of two
 * commits would hold what the second one is about, and the second would have nothing left to say it with.
 *
 * @param waiting at least one, oldest first
 * @param alone those that must not share a commit, because one in their company was refused
 */
export function nextGroup(waiting: readonly Commit[], together: number, alone: ReadonlySet<Commit>): readonly Commit[] {
  const sociable = waiting.filter((commit) => !alone.has(commit));
  if (sociable.length > together) return sociable.slice(0, largest);
  const [first] = waiting;
  if (first === undefined || alone.has(first)) return waiting.slice(0, 1);
  const touched = new Set(first.paths);
  return sociable.filter((commit) => commit === first || commit.paths.some((path) => touched.has(path)));
}
