import type { Part } from "./argument.ts";
import type { SimpleCommand } from "./command.ts";
import { expand } from "./resolve.ts";
import { isUnforeseeable, type Scope } from "./scope.ts";

/** Beyond this the working folder counts as unknown. */
const mostFolders = 16;

const start: readonly Part[] = [];
const anywhere: readonly Part[] = [{ kind: "unknown", open: false }];

/** The folders in which a command may run, each relative to the one in which the text starts; `[]` is that one. */
export function foldersOf({ scope, at, late }: SimpleCommand): readonly (readonly Part[])[] {
  return folders(scope, at, late);
}

function folders(scope: Scope, at: number, late: boolean): readonly (readonly Part[])[] {
  let known = scope.parent === undefined ? [start] : folders(scope.parent, scope.at, scope.late);
  if (isUnforeseeable(scope)) known = [...known, anywhere];
  for (const { folder, from, repeated } of scope.entered) {
    if (from > at && !late) continue;
    const targets =
      folder === undefined
        ? [anywhere]
        : expand(folder, { scope, at: from }).map((words) => words[0]?.parts ?? anywhere);
    const next = targets.flatMap((target) => known.map((each) => inside(each, target)));
    // Upwards again and again leads anywhere; downwards does no harm.
    const climbing =
      repeated && next.some((each) => each.some((part) => part.kind === "text" && part.text.includes("..")));
    known = distinct([...known, ...next, ...(climbing ? [anywhere] : [])]);
    if (known.length > mostFolders) return [...known.slice(0, mostFolders), anywhere];
  }
  return known;
}

/** The path `target` as seen from the folder `from`. */
export function inside(from: readonly Part[], target: readonly Part[]): readonly Part[] {
  const [first] = target;
  const absolute =
    first?.kind === "root" || first?.kind === "unknown" || (first?.kind === "text" && first.text.startsWith("/"));
  return from.length === 0 || absolute ? target : [...from, { kind: "text", text: "/" }, ...target];
}

function distinct(folders: readonly (readonly Part[])[]): readonly (readonly Part[])[] {
  return [
    ...new Map(
      folders.map((folder) => [folder.map((part) => JSON.stringify({ ...part, from: 0 })).join(), folder]),
    ).values(),
  ];
}
