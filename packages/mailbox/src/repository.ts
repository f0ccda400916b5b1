import { lstat, realpath } from "node:fs/promises";
import { dirname, isAbsolute, join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { Exit, MeshError } from "@memomesh/core";
import { type Commit, type CommitResult, type JointCommit, tryCommit } from "./commit.ts";
import { joinCommitTexts } from "./commit-message.ts";
import { readDifference } from "./difference.ts";
import { fileError } from "./fault.ts";
import { type FileLog, type Lines, readFileLog } from "./file-log.ts";
import { type GitPlace, git, gitFailed, gitIn } from "./git.ts";
import { type LogEntry, type LogQuery, readLog } from "./history.ts";
import { type Patience, patiently } from "./patience.ts";
import { readUncommitted, type Uncommitted } from "./uncommitted.ts";
import { findWorkTree } from "./work-tree.ts";

/** A person, as git names authors. */
export interface Identity {
  readonly name: string;
  readonly email: string;
}

const nobody: Identity = { name: "memomesh", email: "memomesh@localhost" };
const nobodyNote = `No user.name and user.email are configured for git: committed as ${nobody.name} <${nobody.email}>. Set them with git config.`;

/** How long a commit waits while another git process is at work: five seconds. */
const usual: Patience = { limit: 5000, wait: (milliseconds) => pause(milliseconds) };

/** The history of one work tree. Its commits are made one after the other. */
export class Repository {
  /** Absolute, without symbolic links. Two folders with the same one share their history. */
  readonly workTree: string;
  /** What a person should know about how it was found. */
  readonly notes: readonly string[];
  readonly #place: GitPlace;
  readonly #patience: Patience;
  #known: Identity | undefined;
  #warned = false;
  #last: Promise<unknown> = Promise.resolve();

  constructor(place: GitPlace, notes: readonly string[] = [], patience: Patience = usual) {
    this.workTree = place.workTree;
    this.notes = notes;
    this.#place = place;
    this.#patience = patience;
  }

  /**
   * Commits each thing that happened, in the order given. What the person has staged is neither taken nor touched, also
   * when it is another version of the same file.
   *
   * @returns one result for each; refused commits are results, and may be given again at any time
   */
  async commit(commits: readonly Commit[], signal?: AbortSignal): Promise<CommitResult[]> {
    const results: CommitResult[] = [];
    for (const commit of commits) results.push(await this.#inTurn(() => this.#commitOne(commit, signal)));
    return results;
  }

  /** Makes one commit of many things that happened: the body lists them, and the trailers of all follow. */
  async commitTogether(commits: readonly Commit[], signal?: AbortSignal): Promise<CommitResult> {
    const paths = [...new Set(commits.flatMap((commit) => commit.paths))];
    return this.#inTurn(() => this.#commitOne({ ...joinCommitTexts(commits), paths, of: commits }, signal));
  }

  /**
   * Reads what happened, newest first.
   *
   * @throws MeshError `history.git.failed`
   */
  log(query: LogQuery = {}): Promise<LogEntry[]> {
    return readLog(this.#place, query);
  }

  /** What a commit changed in a file below the work tree; see {@link readDifference}. */
  difference(hash: string, path: string): Promise<string> {
    return readDifference(this.#place, hash, path);
  }

  /** What became of a file, or of some of its lines, by whomever; see {@link readFileLog}. */
  fileLog(path: string, lines?: Lines): Promise<FileLog> {
    return readFileLog(this.#place, path, lines);
  }

  /** The files of these folders that differ from the last commit; see {@link readUncommitted}. */
  uncommitted(folders: readonly string[]): Promise<Uncommitted[]> {
    return readUncommitted(this.#place, folders);
  }

  /** In whose name commits are made; undefined when the person has configured none. */
  async identity(): Promise<Identity | undefined> {
    // Without this setting git makes an address up from the names of the account and the machine.
    const { exit, out } = await git(this.#place, ["-c", "user.useConfigOnly=true", "var", "GIT_AUTHOR_IDENT"]);
    const [, name, email] = (exit === 0 && /^(.+) <(.*)> \d+ [-+]\d+$/.exec(out.trim())) || [];
    return name === undefined || email === undefined ? undefined : { name, email };
  }

  /**
   * The SSH key with which the person signs: the absolute path of its file, or `key::` and a public key that their ssh-agent
   * holds; undefined when they have configured none.
   */
  async signingKey(): Promise<string | undefined> {
    const ask = async (name: string) => (await git(this.#place, ["config", "--type=path", "--get", name])).out.trim();
    if ((await ask("gpg.format")) !== "ssh") return undefined;
    const key = await ask("user.signingKey");
    // Git takes a key that stands there without the mark as well.
    if (/^ssh-\S+ /.test(key)) return `key::${key}`;
    return isAbsolute(key) || key.startsWith("key::") ? key : undefined;
  }

  /** The commits that took lines out of a file below the work tree, or changed some. */
  async shortened(path: string): Promise<string[]> {
    const shape = ["--format=%x00%H", "--numstat", "--no-renames", "--no-ext-diff", "--no-textconv", "--text"];
    const { exit, out } = await git(this.#place, ["--literal-pathspecs", "log", ...shape, "HEAD", "--", path]);
    if (exit !== 0) return [];
    const commits = out.split("\0").slice(1);
    return commits.flatMap((each) => /^([0-9a-f]+)\s+\d+\t[1-9]/.exec(each)?.[1] ?? []);
  }

  /** A file below the work tree as a commit has it; undefined where it has none. */
  async fileAt(commit: string, path: string): Promise<string | undefined> {
    const { exit, out } = await git(this.#place, ["cat-file", "blob", `${commit}:${path}`]);
    return exit === 0 ? out : undefined;
  }

  #inTurn<T>(act: () => Promise<T>): Promise<T> {
    const turn = this.#last.then(act);
    this.#last = turn.catch(() => {});
    return turn;
  }

  async #commitOne(commit: Commit | JointCommit, signal: AbortSignal | undefined): Promise<CommitResult> {
    try {
      this.#known ??= await this.identity();
      const identity = this.#known === undefined ? asNobody : [];
      const call = { identity, patience: this.#patience, signal };
      const attempt = async () => (signal?.aborted ? stopped : tryCommit(this.#place, commit, call));
      const result = await patiently(this.#patience, attempt, ({ state }) => state === "held");
      if (result.state === "held") return { state: "failed", reason: result.reason, retry: true, notes: [] };
      return this.#withWarning(result);
    } catch (error) {
      const { sentence, exit } = fileError(error, "committing");
      return { state: "failed", reason: sentence, retry: exit !== Exit.bug, notes: [] };
    }
  }

  #withWarning(result: CommitResult): CommitResult {
    if (result.state !== "committed" || this.#known !== undefined || this.#warned) return result;
    this.#warned = true;
    return { ...result, notes: [...result.notes, nobodyNote] };
  }
}

const asNobody = ["-c", `user.name=${nobody.name}`, "-c", `user.email=${nobody.email}`];
const stopped: CommitResult = { state: "failed", reason: "stopped before it was committed", retry: true, notes: [] };

/**
 * Opens the repository whose work tree holds a folder. It is found once; no later call looks for a `.git` again.
 *
 * @param folder an existing folder
 * @returns undefined when there is no git there
 * @throws MeshError `history.git.missing` when there is a repository and no git program, `history.git.not-followed` when
 * there is only a `.git` that must not be followed or cannot be used
 */
export async function openRepository(folder: string, patience?: Patience): Promise<Repository | undefined> {
  const { found, passedOver } = await findWorkTree(folder);
  if (found !== undefined) return new Repository(found, passedOver, patience);
  if (passedOver.length === 0) return undefined;
  throw new MeshError("history.git.not-followed", `${passedOver.join(" ")} Nothing is committed for ${folder}.`, {
    exit: Exit.notPermitted,
  });
}

/**
 * Makes a folder the work tree of a new repository, with the person's own settings; an existing one is opened.
 *
 * @throws MeshError `history.git.missing`, `history.git.not-followed` or `history.git.failed`
 */
export async function initRepository(folder: string): Promise<Repository> {
  const top = await realpath(folder);
  const dotGit = await lstat(join(top, ".git")).catch(() => undefined);
  if (dotGit === undefined) {
    const answer = await gitIn(top, ["init", "--quiet"], dirname(top));
    if (answer.exit !== 0) throw gitFailed("making a repository", answer);
  }
  const repository = await openRepository(top);
  if (repository?.workTree === top) return repository;
  throw new MeshError("history.git.not-followed", `${join(top, ".git")} is no repository that can be used.`, {
    exit: Exit.notPermitted,
  });
}
