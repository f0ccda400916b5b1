import { type GitPlace, git, gitFailed } from "./git.ts";
import { hasCommit } from "./git-index.ts";
import { type LogEntry, logArguments, readEntries } from "./history.ts";

/** Lines of a file, counted from 1, both included. */
export interface Lines {
  readonly from: number;
  readonly to: number;
}

/** What the history says of a file. */
export interface FileLog {
  /** Newest first; those of people without a memo are among them. */
  readonly commits: readonly LogEntry[];
  /** Whether some of it is in no commit yet. */
  readonly uncommitted: boolean;
}

/** A path is only ever that path, and no file of the work tree says which commits to pass over. */
const plain = ["--literal-pathspecs", "-c", "blame.ignoreRevsFile="];
const unknown = "0".repeat(40);

/**
 * Who changed a file, or the lines of it that are there now, and when.
 *
 * @param path below the work tree
 * @throws MeshError `history.git.failed`
 */
export async function readFileLog(place: GitPlace, path: string, lines?: Lines): Promise<FileLog> {
  const changed = await git(place, [...plain, "status", "--porcelain=v1", "--ignored=matching", "--", path]);
  const uncommitted = changed.exit === 0 && changed.out.trim() !== "";
  const whole = await commitsOf(place, path);
  if (lines === undefined || whole.length === 0) return { commits: whole, uncommitted };
  const authors = await lineAuthors(place, path, lines);
  if (authors === undefined) return { commits: whole, uncommitted };
  const last = whole.filter(({ hash }) => authors.has(hash));
  const open = authors.has(unknown);
  // The lines' numbers are those of the last commit only while the file is as it was committed.
  if (uncommitted) return { commits: last, uncommitted: open };
  const range = `-L${lines.from},${lines.to}:${path}`;
  const touching = await git(place, [...plain, "log", "--format=%H", "--no-patch", range, "HEAD"]);
  const hashes = new Set(touching.exit === 0 ? touching.out.split("\n") : authors);
  return { commits: whole.filter(({ hash }) => hashes.has(hash)), uncommitted: open };
}

/** The commits that the lines come from, all zeros for those that are in none; undefined when there are no such lines. */
async function lineAuthors(place: GitPlace, path: string, { from, to }: Lines): Promise<Set<string> | undefined> {
  const answer = await git(place, [
    ...plain,
    "blame",
    "--porcelain",
    "--no-textconv",
    "-L",
    `${from},${to}`,
    "--",
    path,
  ]);
  if (answer.exit !== 0) return undefined;
  return new Set([...answer.out.matchAll(/^([0-9a-f]{40,64}) \d+ \d+/gm)].map((match) => match[1] ?? ""));
}

async function commitsOf(place: GitPlace, path: string): Promise<LogEntry[]> {
  const answer = await git(place, ["--literal-pathspecs", ...logArguments([], [path])]);
  if (answer.exit === 0) return readEntries(answer.out);
  if (await hasCommit(place)) throw gitFailed("reading the log of a file", answer);
  return [];
}
