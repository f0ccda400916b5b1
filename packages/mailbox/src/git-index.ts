import { type GitAnswer, type GitPlace, git, gitFailed } from "./git.ts";

/** What a tree or an index holds for a path, as git writes it: `<mode> <object>`, all zeros when nothing. */
export type Entry = string;

/** A path for which an index holds something else than a tree. */
export interface Difference {
  /** Below the work tree, "/" between the parts. */
  readonly path: string;
  readonly inTree: Entry;
  readonly inIndex: Entry;
}

/**
 * Compares an index with what HEAD holds, which is nothing in a repository without any commit.
 *
 * @param index the person's when absent
 * @throws MeshError `history.git.failed`
 */
export async function compareWithHead(place: GitPlace, index?: string): Promise<Difference[]> {
  const answer = await compare(place, "HEAD", index);
  if (answer.exit === 0 || (await hasCommit(place))) return readRaw(answer);
  const nothing = await git(place, ["hash-object", "-t", "tree", "/dev/null"]);
  return readRaw(await compare(place, nothing.out.trim(), index));
}

/** Whether HEAD stands on a commit. */
export async function hasCommit(place: GitPlace): Promise<boolean> {
  return (await git(place, ["rev-parse", "--quiet", "--verify", "HEAD^{commit}"])).exit === 0;
}

function compare(place: GitPlace, tree: string, index?: string): Promise<GitAnswer> {
  const args = ["diff-index", "--cached", "--raw", "-z", "--no-renames", "--no-abbrev", tree];
  return git(place, args, index === undefined ? {} : { index });
}

/** What a commit changed; for a merge, or the first commit, against nothing. `inTree` is what its parent held. */
export async function changesOf(place: GitPlace, commit: string): Promise<{ hash: string; changes: Difference[] }> {
  const answer = await git(place, ["diff-tree", "--root", "-r", "--raw", "-z", "--no-renames", "--no-abbrev", commit]);
  const end = answer.out.indexOf("\0");
  return { hash: answer.out.slice(0, end), changes: readRaw({ ...answer, out: answer.out.slice(end + 1) }) };
}

/**
 * Brings the person's index up to date with a commit of ours that HEAD holds. A path follows only where the index still held what was
 * there before the commit: what the person has staged since stays as it is. Doing it again does nothing.
 *
 * @param before what the paths were before the commit
 * @returns git's answer; exit 0 also when there was nothing to do
 */
export async function followCommit(place: GitPlace, before: ReadonlyMap<string, Entry>): Promise<GitAnswer> {
  const behind = (await compareWithHead(place)).filter(({ path, inIndex }) => before.get(path) === inIndex);
  if (behind.length === 0) return { exit: 0, out: "", err: "" };
  const input = behind.map(({ path, inTree }) => `${inTree} 0\t${path}\0`).join("");
  return git(place, ["update-index", "--verbose", "-z", "--index-info"], { input });
}

// `:<mode> <mode> <object> <object> <letter>`, NUL, path, NUL.
function readRaw(answer: GitAnswer): Difference[] {
  if (answer.exit !== 0) throw gitFailed("comparing", answer);
  const fields = answer.out.split("\0");
  const found: Difference[] = [];
  for (let at = 0; at + 1 < fields.length; at += 2) {
    const [oldMode, newMode, oldObject, newObject] = fields[at]!.slice(1).split(" ");
    found.push({ path: fields[at + 1]!, inTree: `${oldMode} ${oldObject}`, inIndex: `${newMode} ${newObject}` });
  }
  return found;
}
