import { execFile } from "node:child_process";
import { constants } from "node:os";
import { Exit, MeshError } from "@memomesh/core";
import type { SimpleGitOptions } from "simple-git";

/** The one repository that a call is about. Both are absolute, so that git never looks for a `.git` of its own. */
export interface GitPlace {
  /** The folder that holds HEAD, the index and the locks (of this work tree, when there are several). */
  readonly gitDir: string;
  /** The folder whose files are committed. */
  readonly workTree: string;
}

/** How a git program ended. `exit` is `null` when a signal stopped it. */
export interface GitAnswer {
  readonly exit: number | null;
  readonly out: string;
  readonly err: string;
}

/** What one call may need beside its arguments. */
export interface GitCall {
  /** What git reads from standard input. */
  readonly input?: string;
  /** Another index than the person's. */
  readonly index?: string;
  readonly signal?: AbortSignal | undefined;
}

// From the person's environment git hears who they are and where their configuration lies. Everything else that steers
// git (GIT_DIR, GIT_INDEX_FILE, GIT_CONFIG_COUNT …) could lead it to another repository and is left out.
const heard = [
  "GIT_AUTHOR_NAME",
  "GIT_AUTHOR_EMAIL",
  "GIT_COMMITTER_NAME",
  "GIT_COMMITTER_EMAIL",
  "GIT_CONFIG_GLOBAL",
  "GIT_CONFIG_SYSTEM",
  "GIT_CONFIG_NOSYSTEM",
];
const given = ["GIT_INDEX_FILE", "GIT_CEILING_DIRECTORIES"];

// Variables that simple-git guards, and that no call of ours needs: none of them opens an editor, a pager or a prompt.
const guarded = /^(GIT_.*|EDITOR|VISUAL|PAGER|PREFIX|SSH_ASKPASS)$/i;

const settings: Partial<SimpleGitOptions> = {
  allowEnvironment: [...heard, ...given],
  unsafe: {
    allowUnsafeConfigPaths: true, // --git-dir and --work-tree are how a planted `.git` is kept out
    allowUnsafeFsMonitor: true, // it is only ever switched off
    allowAbbreviatedOptions: true, // the ban would reach the person's hooks through the environment
  },
};

/**
 * Runs git in one known repository.
 *
 * Settings that start other programs for nothing are off; the person's hooks and signing stay on.
 *
 * @returns the answer, whatever the exit code; text is read as UTF-8
 * @throws MeshError `history.git.missing` when there is no git program
 */
export function git(place: GitPlace, args: readonly string[], call: GitCall = {}): Promise<GitAnswer> {
  const known = [`--git-dir=${place.gitDir}`, `--work-tree=${place.workTree}`, "-c", "core.fsmonitor=false"];
  // A split index would leave its shared half in the person's git folder.
  const own = call.index === undefined ? [] : ["-c", "core.splitIndex=false"];
  return run(place.workTree, [...known, ...own, ...args], call);
}

/**
 * Runs git where no repository is known yet: to look at one, or to make one.
 *
 * @param folder absolute; git does not look for a repository above it
 * @throws MeshError `history.git.missing` when there is no git program
 */
export function gitIn(folder: string, args: readonly string[], ceiling: string): Promise<GitAnswer> {
  return run(folder, ["-c", "core.fsmonitor=false", ...args], {}, { GIT_CEILING_DIRECTORIES: ceiling });
}

/** The most that git may answer, in bytes: the log of a hundred thousand commits fits. */
const largestAnswer = 512 * 1024 * 1024;

async function run(
  folder: string,
  args: readonly string[],
  { input, index, signal }: GitCall,
  variables: Readonly<Record<string, string>> = {},
): Promise<GitAnswer> {
  const env = { ...environment(), ...variables, ...(index === undefined ? {} : { GIT_INDEX_FILE: index }) };
  // A plain question is asked without simple-git, whose loading takes longer than git's answer: `status` waits for it.
  if (input === undefined && signal === undefined && !args.includes("commit")) return ask(folder, args, env);
  const { simpleGit } = await import("simple-git");
  let answer: GitAnswer = { exit: null, out: "", err: "" };
  const program = simpleGit({
    ...settings,
    baseDir: folder,
    // The end of git is what counts, and not the end of what a hook of it left running in the background.
    completion: { onClose: true, onExit: args.includes("commit") ? 50 : false },
    ...(signal === undefined ? {} : { abort: signal }),
    ...(input === undefined ? {} : { input: () => input }),
    errors: (_, { exitCode, stdOut, stdErr }) => {
      answer = { exit: exitCode, out: text(stdOut), err: text(stdErr) };
      return undefined;
    },
  }).env(env);
  await program.raw([...args]);
  if (answer.exit === -constants.errno.ENOENT) throw missing();
  return answer;
}

function ask(folder: string, args: readonly string[], env: Readonly<Record<string, string>>): Promise<GitAnswer> {
  return new Promise((resolve, reject) => {
    execFile("git", [...args], { cwd: folder, env, maxBuffer: largestAnswer }, (error, out, err) => {
      if (error === null) resolve({ exit: 0, out, err });
      else if (error.code === "ENOENT") reject(missing());
      else resolve({ exit: typeof error.code === "number" ? error.code : null, out, err });
    });
  });
}

function environment(): Record<string, string> {
  const kept = Object.entries(process.env).filter(
    (entry): entry is [string, string] =>
      entry[1] !== undefined && (heard.includes(entry[0]) || !guarded.test(entry[0])),
  );
  // Git's words are recognised in English; LC_ALL would change what hooks print as well.
  return { ...Object.fromEntries(kept), LANGUAGE: "en" };
}

function text(chunks: readonly Buffer[]): string {
  return Buffer.concat(chunks).toString("utf8");
}

function missing(): MeshError {
  return new MeshError(
    "history.git.missing",
    "the program git was not found. Memos are delivered without it, but nothing is committed; install git 2.25 or newer.",
    { exit: Exit.tryAgain },
  );
}

/** That git could not do what it has to do, in its own words. */
export function gitFailed(doing: string, answer: GitAnswer): MeshError {
  return new MeshError("history.git.failed", `git failed when ${doing}: ${lastWords(answer)}`, { exit: Exit.tryAgain });
}

/** Git's own last words about a failure, for the person who has to act on it. */
export function lastWords({ exit, out, err }: GitAnswer): string {
  const lines = `${out}\n${err}`.split(/[\r\n]+/).filter((line) => line.trim() !== "" && !line.startsWith("hint:"));
  if (lines.length > 0) return lines.slice(-8).join("\n");
  return exit === null ? "git was stopped" : `git ended with code ${exit} and said nothing; a hook may have refused`;
}

/** Whether another git process was in the way: a lock that exists, or a branch that moved meanwhile. */
export function isContention({ exit, err }: GitAnswer): boolean {
  return exit !== 0 && /\.lock': File exists|cannot lock ref|Another git process/.test(err);
}
