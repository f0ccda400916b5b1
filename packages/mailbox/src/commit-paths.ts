import { lstat, realpath } from "node:fs/promises";
import { basename, dirname, isAbsolute, join, relative, sep } from "node:path";
import { errnoOf } from "./fault.ts";
import { type GitPlace, git, gitFailed } from "./git.ts";

/**
 * Maps absolute paths into the work tree: below it, "/" between the parts, as git knows them.
 *
 * @returns the paths, or a sentence that says why these can never be committed
 */
export async function pathsBelow({ workTree }: GitPlace, absolute: readonly string[]): Promise<string[] | string> {
  const paths = new Set<string>();
  const folders = new Map<string, string>();
  for (const path of absolute) {
    const folder = dirname(path);
    if (!folders.has(folder)) folders.set(folder, await realPlace(folder));
    const real = join(folders.get(folder) ?? folder, basename(path));
    const below = relative(workTree, real);
    if (!isAbsolute(path) || isAbsolute(below) || ["", ".."].includes(below) || below.startsWith(`..${sep}`)) {
      return `${path} does not lie in the work tree ${workTree}`;
    }
    const kind = await lstat(real).catch(unlessMissing);
    if (kind?.isDirectory()) return `${path} is a folder; expected files`;
    paths.add(below.split(sep).join("/"));
  }
  return [...paths];
}

/** The real place of a folder that may be missing. A file in it may be a link: it is committed as such. */
async function realPlace(folder: string): Promise<string> {
  const real = await realpath(folder).catch(unlessMissing);
  if (real !== undefined) return real;
  const above = dirname(folder);
  return above === folder ? folder : join(await realPlace(above), basename(folder));
}

/**
 * Those of the paths that the person ignores, each with the rule: `.gitignore:3: *.tmp`. What is tracked already is not
 * ignored, whatever the rules say.
 *
 * @throws MeshError `history.git.failed`
 */
export async function ignoredAmong(place: GitPlace, paths: readonly string[]): Promise<Map<string, string>> {
  // With ./ in front no path reads as a pattern.
  const input = paths.map((path) => `./${path}\0`).join("");
  const answer = await git(place, ["check-ignore", "--verbose", "--non-matching", "-z", "--stdin"], { input });
  // 1: none is ignored.
  if (answer.exit !== 0 && answer.exit !== 1) throw gitFailed("looking for ignored files", answer);
  const fields = answer.out.split("\0");
  const ignored = new Map<string, string>();
  for (let at = 0; at + 3 < fields.length; at += 4) {
    const [file, line, rule, path] = fields.slice(at, at + 4) as [string, string, string, string];
    // The last rule that matches may be one that takes the path back in.
    if (rule !== "" && !rule.startsWith("!")) ignored.set(path.slice(2), `${file}:${line}: ${rule}`);
  }
  return ignored;
}

function unlessMissing(error: unknown): undefined {
  if (errnoOf(error) !== "ENOENT" && errnoOf(error) !== "ENOTDIR") throw error;
}
