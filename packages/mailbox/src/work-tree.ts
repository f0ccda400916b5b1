import { lstat, readFile, realpath } from "node:fs/promises";
import { dirname, join, resolve, sep } from "node:path";
import { type GitPlace, gitIn, lastWords } from "./git.ts";

/** Where a folder's history is kept, or why there is none. */
export type WorkTree =
  | { readonly found: GitPlace; readonly passedOver: readonly string[] }
  | { readonly found: undefined; readonly passedOver: readonly string[] };

/**
 * Finds the work tree that holds a folder, as git does, but without trusting what an agent may have left in it.
 *
 * A `.git` folder is a repository. A `.git` file (a linked work tree, a submodule) is followed only to a place inside a
 * `.git` folder, where no agent writes, and only when that place leads back to it. A `.git` link is never followed.
 *
 * @param folder an existing folder
 * @returns the place, and one sentence for each `.git` that was passed over on the way up
 * @throws MeshError `history.git.missing` when there is something to look at and no git program
 * @see docs/security.md, "What an agent leaves behind can bite the coordinator"
 */
export async function findWorkTree(folder: string): Promise<WorkTree> {
  const passedOver: string[] = [];
  let at = await realpath(folder);
  while (true) {
    const look = await lookAt(at);
    if (typeof look === "object") return { found: look, passedOver };
    if (look !== undefined) passedOver.push(`${join(at, ".git")}: ${look}; it was not followed.`);
    const above = dirname(at);
    if (above === at) return { found: undefined, passedOver };
    at = above;
  }
}

/** The repository whose work tree begins at `folder`, why what looks like one is none, or undefined. */
async function lookAt(folder: string): Promise<GitPlace | string | undefined> {
  const dotGit = join(folder, ".git");
  const kind = await lstat(dotGit).catch(() => undefined);
  if (kind === undefined) return undefined;
  if (kind.isSymbolicLink()) return "a symbolic link";
  if (kind.isFile()) {
    const problem = await problemOfGitFile(folder, dotGit);
    if (problem !== undefined) return problem;
  }
  // Git looks at the owner of what it finds (safe.directory) only when it finds it by itself.
  const answer = await gitIn(folder, ["rev-parse", "--absolute-git-dir", "--show-toplevel"], dirname(folder));
  if (answer.exit !== 0) return lastWords(answer).replaceAll("\n", " ");
  const [gitDir = "", workTree = ""] = answer.out.trimEnd().split("\n");
  if ((await realpath(workTree)) !== folder) return `a repository whose work tree is ${workTree}`;
  return { gitDir: await realpath(gitDir), workTree: folder };
}

async function problemOfGitFile(folder: string, dotGit: string): Promise<string | undefined> {
  const target = /^gitdir: (.+?)\r?\n?$/.exec(await readFile(dotGit, "utf8"))?.[1];
  if (target === undefined) return "a file that does not read as `gitdir: <folder>`";
  const gitDir = await realpath(resolve(folder, target)).catch(() => undefined);
  if (gitDir === undefined) return `a file that leads to ${target}, which does not exist`;
  if (!gitDir.split(sep).includes(".git")) return `a file that leads to ${target}, which lies in no .git folder`;
  const back = await leadsBackTo(gitDir);
  return back === dotGit ? undefined : `a file that leads to ${target}, which does not lead back`;
}

/** The `.git` file that a git folder belongs to: named in `gitdir` (linked work tree) or `core.worktree` (submodule). */
async function leadsBackTo(gitDir: string): Promise<string | undefined> {
  const linked = await readFile(join(gitDir, "gitdir"), "utf8").catch(() => undefined);
  if (linked !== undefined) return realpath(resolve(gitDir, linked.trimEnd())).catch(() => undefined);
  const asked = ["config", "--file", join(gitDir, "config"), "--get", "core.worktree"];
  const { exit, out } = await gitIn(gitDir, asked, dirname(gitDir));
  if (exit !== 0) return undefined;
  return realpath(join(resolve(gitDir, out.trimEnd()), ".git")).catch(() => undefined);
}
