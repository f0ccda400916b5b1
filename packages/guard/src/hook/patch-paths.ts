/**
 * The files that a patch in the form of Codex's `apply_patch` touches.
 *
 * @returns undefined when a line of it cannot be read, or when it names none
 */
export function patchPaths(patch: string): readonly string[] | undefined {
  const lines = patch.split(/\r?\n/).map((line) => line.trimEnd());
  const heads = lines.filter((line) => line.trimStart().startsWith("***"));
  const paths: string[] = [];
  for (const head of heads) {
    const [, path] = /^\*\*\* (?:Add File|Update File|Delete File|Move to): (.+)$/.exec(head) ?? [];
    if (path !== undefined) paths.push(path);
    else if (!/^\*\*\* (?:Begin Patch|End Patch|End of File|Environment ID: \S+)$/.test(head)) return undefined;
  }
  return paths.length === 0 ? undefined : paths;
}
