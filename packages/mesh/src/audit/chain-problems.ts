import type { Trail } from "@memomesh/core";
import type { Anchor } from "./anchor.ts";

/** Something that does not fit, and where. */
export interface AuditProblem {
  /** Relative to the mesh's root. */
  readonly file: string;
  readonly line?: number;
  readonly sentence: string;
}

/**
 * Where a trail is broken, or is not what the history says it was. Pure.
 *
 * @param text the trail as it lies on the disk
 * @param committed as the last commit has it; undefined when none has it
 */
export function chainProblems(
  file: string,
  { text, trail, committed }: { readonly text: string; readonly trail: Trail; readonly committed: string | undefined },
  anchors: readonly (Anchor & { readonly commit: string })[],
): AuditProblem[] {
  const problems: AuditProblem[] = trail.problems.map(({ line, sentence }) => ({ file, line, sentence }));
  const cut = anchors.filter(({ n }) => n > trail.head.n).sort((a, b) => b.n - a.n)[0];
  if (cut !== undefined) {
    const sentence = `it ends with entry ${trail.head.n}, and commit ${cut.commit.slice(0, 12)} says that it had ${cut.n}: entries were cut off its end.`;
    problems.push({ file, sentence });
  }
  const hashes = new Map(trail.lines.map(({ entry, hash, line }) => [entry.n, { hash, line }]));
  const other = anchors.find(({ n, hash }) => n > 0 && n <= trail.head.n && hashes.get(n)?.hash !== hash);
  if (other !== undefined) {
    const line = hashes.get(other.n)?.line;
    const sentence = `entry ${other.n} is another one than commit ${other.commit.slice(0, 12)} names: the trail was written anew.`;
    problems.push({ file, ...(line !== undefined && { line }), sentence });
  }
  if (committed !== undefined && !text.startsWith(committed)) {
    const line = firstDifference(committed, text);
    problems.push({ file, line, sentence: "the last commit has something else here; a trail is only ever added to." });
  }
  return problems;
}

/** Counts from 1. */
function firstDifference(one: string, other: string): number {
  const others = other.split("\n");
  return one.split("\n").findIndex((line, index) => line !== others[index]) + 1;
}
