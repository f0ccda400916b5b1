import { lstat } from "node:fs/promises";
import { dirname, join } from "node:path";
import { readTrailers, type Trailer } from "./commit-message.ts";
import { type GitAnswer, type GitPlace, git, gitFailed, gitIn } from "./git.ts";
import { hasCommit } from "./git-index.ts";

/** Which commits to read. Everything that is given must hold. */
export interface LogQuery {
  /** The node whose memo, session or step it was. */
  readonly node?: string;
  /** A memo's id. */
  readonly memo?: string;
  /** The ids of a thread's memos: any of them. */
  readonly thread?: readonly string[];
  /** Anywhere in the message, upper and lower case alike. */
  readonly text?: string;
  readonly since?: Date;
  readonly until?: Date;
  /** The newest so many; all when absent. */
  readonly limit?: number;
}

/** One thing that happened, as the history tells it. */
export interface LogEntry {
  readonly hash: string;
  /** ISO 8601, as committed. */
  readonly date: string;
  readonly author: { readonly name: string; readonly email: string };
  readonly subject: string;
  readonly trailers: readonly Trailer[];
  /** Below the work tree, "/" between the parts. */
  readonly paths: readonly string[];
}

const ours = "(Memo-Id|Memo-From|Node|Agent|Runbook|Step-Digest|Approved-By)";

/**
 * Reads what happened to memos, and what was decided, from the history that HEAD stands on, newest first. Commits
 * without a trailer of ours are left out.
 *
 * @throws MeshError `history.git.failed`
 */
export async function readLog(place: GitPlace, query: LogQuery): Promise<LogEntry[]> {
  return readPages(query, async (filter) => {
    const answer = await git(place, logArguments(filter));
    if (answer.exit === 0) return readEntries(answer.out);
    if (await hasCommit(place)) throw gitFailed("reading the log", answer);
    return [];
  });
}

/**
 * The same of the repository that begins at a folder, in a single call of git, for those who cannot wait for two. Git finds
 * it by itself, and looks at its owner.
 *
 * @returns undefined when it does not begin there, or git does not tell; `openRepository` finds out why
 */
export async function readLogAt(folder: string, query: LogQuery): Promise<LogEntry[] | undefined> {
  const dotGit = await lstat(join(folder, ".git")).catch(() => undefined);
  if (dotGit?.isDirectory() !== true) return undefined;
  let failed: GitAnswer | undefined;
  const entries = await readPages(query, async (filter) => {
    const answer = await gitIn(folder, logArguments(filter), dirname(folder));
    if (answer.exit !== 0) failed = answer;
    return answer.exit === 0 ? readEntries(answer.out) : [];
  });
  return failed === undefined ? entries : undefined;
}

async function readPages(
  query: LogQuery,
  readPage: (filter: readonly string[]) => Promise<LogEntry[]>,
): Promise<LogEntry[]> {
  const { limit } = query;
  if (limit === undefined) return (await readPage(filters(query))).filter((entry) => matches(entry, query));
  const found: LogEntry[] = [];
  const step = limit + 20;
  // Git finds lines anywhere in a message; that they are trailers is seen only afterwards, hence page by page.
  for (let skip = 0; found.length < limit; skip += step) {
    const page = await readPage([...filters(query), `--skip=${skip}`, `--max-count=${step}`]);
    found.push(...page.filter((entry) => matches(entry, query)));
    if (page.length < step) break;
  }
  return found.slice(0, limit);
}

// Names as committed: a .mailmap in the work tree could be an agent's.
const fields = ["%H", "%aI", "%an", "%ae", "%s", "%(trailers:only,unfold)"];

/** How `git log` has to be called so that {@link readEntries} can read its answer. */
export function logArguments(filter: readonly string[], paths: readonly string[] = []): string[] {
  const settings = ["-c", "trailer.separators=:", "-c", "log.showSignature=false"];
  const shape = ["-z", `--format=%x00${fields.join("%x00")}`, "--name-only", "--no-renames", "--encoding=UTF-8"];
  const quiet = ["--no-ext-diff", "--no-textconv", "--no-color", "--no-notes"];
  return [...settings, "log", ...shape, ...quiet, ...filter, "--end-of-options", "HEAD", "--", ...paths];
}

function filters({ node, memo, thread, text, since, until }: LogQuery): string[] {
  const lines = [`^${ours}: `];
  if (node !== undefined) lines.push(`^Node: ${literal(node)}$`);
  if (memo !== undefined) lines.push(`^Memo-Id: ${literal(memo)}$`);
  if (thread !== undefined) lines.push(`^Memo-Id: (${thread.map(literal).join("|")})$`);
  if (text !== undefined && text !== "") lines.push(literal(text));
  return [
    "--extended-regexp",
    "--regexp-ignore-case",
    "--all-match",
    ...lines.map((line) => `--grep=${line}`),
    ...(since === undefined ? [] : [`--since=${since.toISOString()}`]),
    ...(until === undefined ? [] : [`--until=${until.toISOString()}`]),
  ];
}

/** A text as an extended regular expression that matches only itself; a line break matches nothing in git's search by line. */
function literal(text: string): string {
  return text.replaceAll(/[\\^$.|?*+()[\]{}]/g, "\\$&").replaceAll(/[\r\n]+/g, " ");
}

function matches({ trailers }: LogEntry, { node, memo, thread }: LogQuery): boolean {
  const says = (name: string, values: readonly string[]) =>
    trailers.some(([found, value]) => found === name && values.includes(value));
  return (
    trailers.some(([name]) => new RegExp(`^${ours}$`).test(name)) &&
    (node === undefined || says("Node", [node])) &&
    (memo === undefined || says("Memo-Id", [memo])) &&
    (thread === undefined || says("Memo-Id", thread))
  );
}

// With -z: a NUL, the fields, each ended by NUL, and when there are paths a line break and the paths, each ended by NUL.
export function readEntries(out: string): LogEntry[] {
  const tokens = out.split("\0");
  const entries: LogEntry[] = [];
  for (let at = 1; at + fields.length <= tokens.length; at += 1) {
    const [hash, date, name, email, subject, trailers] = tokens.slice(at, at + fields.length) as string[];
    const paths: string[] = [];
    for (at += fields.length; at < tokens.length && tokens[at] !== ""; at += 1) paths.push(tokens[at]!);
    if (paths[0] !== undefined) paths[0] = paths[0].slice(1);
    entries.push({
      hash: hash!,
      date: date!,
      author: { name: name!, email: email! },
      subject: subject!,
      trailers: readTrailers(trailers!),
      paths,
    });
  }
  return entries;
}
