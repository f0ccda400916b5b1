import type { Step } from "@memomesh/core";

/** What every step has: see docs/formats.md, "A runbook". */
const given = ["PATH", "HOME", "LANG", "TMPDIR", "MESH", "SITE", "PWD", "OLDPWD", "IFS", "UID", "RANDOM", "SECONDS"];

/**
 * Variables that the commands of a step use and nobody gives them: with `bash -u` the step stops there. Only a hint; names
 * with small letters and what stands in single quotes are not looked at.
 *
 * @param target names of the variables that steps have on the step's target
 */
export function unnamedVariables({ run, check, undo, needs }: Step, target: readonly string[]): readonly string[] {
  const known = new Set([...given, ...target, ...needs.env]);
  const found = [run, check, undo].flatMap((fence) => {
    const text = (fence?.text ?? "").replace(/'[^']*'/g, "");
    const set = [...text.matchAll(/\b([A-Z_][A-Z0-9_]*)=|\b(?:read|for)\s+(?:-\w+\s+)*([A-Z_][A-Z0-9_]*)/g)];
    const own = new Set(set.map(([, assigned, read]) => assigned ?? read));
    // ${NAME:-…} and the like say what happens without it.
    const used = [...text.matchAll(/(?<!\\)\$(?:([A-Z_][A-Z0-9_]*)|\{([A-Z_][A-Z0-9_]*)(?![A-Z0-9_]|:?[-+=?]))/g)];
    return used.flatMap(([, plain, braced]) => plain ?? braced ?? []).filter((name) => !own.has(name));
  });
  return [...new Set(found)].filter((name) => !known.has(name));
}
