import { readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type CommitDesk, leaveDesk, openDesk, removeDesk, settleLeftDesks, writeJournal } from "./commit-desk.ts";
import { type CommitText, joinCommitTexts, printCommitMessage } from "./commit-message.ts";
import { ignoredAmong, pathsBelow } from "./commit-paths.ts";
import { type GitAnswer, type GitPlace, git, isContention, lastWords } from "./git.ts";
import { changesOf, compareWithHead, type Difference, type Entry, followCommit } from "./git-index.ts";
import { type Patience, patiently } from "./patience.ts";
import { untoldAmong } from "./told.ts";

/** Something that happened, and the files that it changed. */
export interface Commit extends CommitText {
  /** Absolute. A file is committed as it lies in the work tree at that time; one that is missing is removed. */
  readonly paths: readonly string[];
  /** Whether another repository tells it too: where no file of it has changed it need not be told. */
  readonly echo?: boolean;
}

/** Several things in one commit. */
export interface JointCommit extends Commit {
  readonly of: readonly Commit[];
}

/** What became of a commit. `notes` are sentences for a person. */
export type CommitResult =
  | { readonly state: "committed"; readonly hash: string; readonly notes: readonly string[] }
  /** The history holds these files as they are already, and says what happened. */
  | { readonly state: "unchanged"; readonly notes: readonly string[] }
  /** The person is in the middle of a merge, a rebase or the like; it has to be tried again when that has ended. */
  | { readonly state: "busy"; readonly reason: string; readonly notes: readonly string[] }
  /** Nothing was committed and nothing is lost. `retry`: it may go better later. */
  | { readonly state: "failed"; readonly reason: string; readonly retry: boolean; readonly notes: readonly string[] };

/** Another git process is in the way. */
export interface Held {
  readonly state: "held";
  readonly reason: string;
}

/** How git is called for a commit. */
export interface CommitCall {
  /** Settings (`-c`) that name a committer when the person has not. */
  readonly identity: readonly string[];
  readonly patience: Patience;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Tries once to commit the files of one thing that happened, as `git commit --only` does, with the person's hooks and
 * signing. The person's index takes no part: git works on a copy of it, on the base of whatever HEAD is by then, and
 * afterwards the person's index follows where nothing was staged.
 *
 * Killed at any moment, it is completed by trying again.
 */
export async function tryCommit(
  place: GitPlace,
  commit: Commit | JointCommit,
  call: CommitCall,
): Promise<CommitResult | Held> {
  const present = new Set(await readdir(place.gitDir));
  const operation = operations.find(([name]) => present.has(name))?.[1];
  if (operation !== undefined) {
    return { state: "busy", reason: `${operation} is in progress; it is committed when that has ended`, notes: [] };
  }
  // Who holds it may be about to commit, and would find that HEAD has moved.
  if (present.has("index.lock")) return { state: "held", reason: heldIndex(place) };

  await settleLeftDesks(place);
  const desk = await openDesk(place);
  try {
    const result = await commitAtDesk(place, desk, commit, call);
    await removeDesk(desk);
    return result;
  } catch (error) {
    await leaveDesk(desk);
    throw error;
  }
}

const operations: readonly (readonly [name: string, words: string])[] = [
  ["MERGE_HEAD", "a merge"],
  ["rebase-merge", "a rebase"],
  ["rebase-apply", "a rebase, or the application of patches,"],
  ["CHERRY_PICK_HEAD", "a cherry-pick"],
  ["REVERT_HEAD", "a revert"],
  ["sequencer", "a series of cherry-picks or reverts"],
  ["BISECT_LOG", "a bisection"],
];

async function commitAtDesk(
  place: GitPlace,
  desk: CommitDesk,
  commit: Commit | JointCommit,
  call: CommitCall,
): Promise<CommitResult | Held> {
  const { identity, patience, signal } = call;
  const message = printCommitMessage(commit);
  const paths = await pathsBelow(place, commit.paths);
  if (typeof paths === "string") return { state: "failed", reason: paths, retry: false, notes: [] };
  if (paths.length === 0) return { state: "unchanged", notes: [] };

  const add = ["update-index", "--verbose", "--add", "--remove", "-z", "--stdin"];
  const adding = git(place, add, { input: listed(paths), index: desk.index, signal });
  const [ignored, added] = await Promise.all([ignoredAmong(place, paths), adding]);
  const notes = [...ignored].map(([path, rule]) => `${path} is ignored (${rule}) and was not committed.`);
  if (added.exit !== 0) return refused(added, notes);
  // The copy of the index also holds what the person has staged; only what is named to `git commit` is committed.
  const wanted = new Set(paths.filter((path) => !ignored.has(path)));
  const changed = (await compareWithHead(place, desk.index)).filter(({ path }) => wanted.has(path));
  // Somebody else has committed the files, with words of their own: what happened is told all the same, by an empty commit.
  const empty = changed.length === 0;
  const untold = empty && wanted.size > 0 ? await untoldAmong(place, "of" in commit ? commit.of : [commit]) : [];
  if (empty && untold.length === 0) return { state: "unchanged", notes };

  await writeFile(desk.message, empty ? printCommitMessage(joinCommitTexts(untold)) : message);
  await writeJournal(desk, before(changed));
  const options = ["--only", "--cleanup=whitespace", "--untracked-files=no", "--file", desk.message];
  const from = empty ? ["--allow-empty"] : ["--pathspec-from-file=-", "--pathspec-file-nul"];
  // Literal path by path, since hooks would inherit a setting for all of git.
  const input = listed(changed.map(({ path }) => `:(top,literal)${path}`));
  const answer = await git(place, [...identity, "commit", ...options, ...from], { input, index: desk.index, signal });
  if (answer.exit !== 0) {
    // It may have failed after HEAD had moved; the next one looks.
    await leaveDesk(desk);
    return refused(answer, notes);
  }

  if (empty) return { state: "committed", hash: await fullName(place, nameOf(answer)), notes };
  const { hash, changes } = await changesOf(place, nameOf(answer));
  const followed = await patiently(patience, () => followCommit(place, before(changes)), isContention);
  if (followed.exit === 0) return { state: "committed", hash, notes };
  await leaveDesk(desk);
  return { state: "committed", hash, notes: [...notes, lateIndex(place, followed)] };
}

function before(changes: readonly Difference[]): Map<string, Entry> {
  return new Map(changes.map(({ path, inTree }) => [path, inTree]));
}

function listed(paths: readonly string[]): string {
  return paths.map((path) => `${path}\0`).join("");
}

function refused(answer: GitAnswer, notes: readonly string[]): CommitResult | Held {
  const reason = lastWords(answer);
  return isContention(answer) ? { state: "held", reason } : { state: "failed", reason, retry: true, notes };
}

/** The new commit, from git's summary: `[main 1a2b3c4] subject`. Asking for HEAD could find the next one. */
function nameOf({ out }: GitAnswer): string {
  return /^\[(?:detached HEAD|\S+)(?: \(root-commit\))? ([0-9a-f]{4,64})\] /.exec(out)?.[1] ?? "HEAD";
}

async function fullName(place: GitPlace, name: string): Promise<string> {
  return (await git(place, ["rev-parse", "--verify", `${name}^{commit}`])).out.trim();
}

function heldIndex({ gitDir }: GitPlace): string {
  return `${join(gitDir, "index.lock")} is there: another git process is at work, or one that crashed has left it`;
}

function lateIndex({ gitDir }: GitPlace, answer: GitAnswer): string {
  return `Committed, but ${join(gitDir, "index")} could not follow yet (${lastWords(answer)}); the next commit brings it up to date.`;
}
