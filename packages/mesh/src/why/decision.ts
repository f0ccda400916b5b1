import { basename, relative } from "node:path";
import { idSuffix } from "@memomesh/core";
import type { FileLog, Lines, LogEntry, Trailer } from "@memomesh/mailbox";
import { repositoriesOf } from "../decisions.ts";
import type { Mesh } from "../load.ts";

/** Something that the history tells. What it does not tell is "". */
export interface Decision {
  /** ISO 8601. */
  readonly at: string;
  readonly what: string;
  /** In whose name it was committed. */
  readonly author: string;
  /** Id of the memo that asked for it. */
  readonly memo: string;
  readonly node: string;
  readonly agent: string;
  readonly model: string;
  /** Path in the node's folder. */
  readonly runbook: string;
  /** Of the step that was decided on. */
  readonly digest: string;
  /** The person who approved; "" when it was no approval. */
  readonly approvedBy: string;
  readonly commit: string;
}

/**
 * Takes from a commit what it says about why. Pure.
 *
 * @param path the file that is asked about: a commit of many things that happened is read for what concerns it
 */
export function decisionOf({ date, subject, author, trailers, hash }: LogEntry, path = ""): Decision {
  const own = trailersAbout(trailers, path);
  const said = (name: string) => own.find(([found]) => found === name)?.[1] ?? "";
  return {
    at: date,
    what: subject,
    author: nameText(author),
    memo: said("Memo-Id"),
    node: said("Node"),
    agent: said("Agent"),
    model: said("Model"),
    runbook: said("Runbook"),
    digest: said("Step-Digest"),
    approvedBy: said("Approved-By"),
    commit: hash,
  };
}

/** A joint commit has the trailers of each memo one after the other; where nothing tells which concern a file, none do. */
function trailersAbout(trailers: readonly Trailer[], path: string): readonly Trailer[] {
  const groups: Trailer[][] = [];
  for (const trailer of trailers) {
    if (groups.length === 0 || trailer[0] === "Memo-Id") groups.push([]);
    groups.at(-1)?.push(trailer);
  }
  const [only, ...others] = groups;
  if (others.length === 0) return only ?? [];
  const file = basename(path, ".md");
  const fits = ([name, value]: Trailer) =>
    (name === "Memo-Id" && file.endsWith(`-${idSuffix(value)}`)) || (name === "Runbook" && path.endsWith(`/${value}`));
  return groups.find((group) => group.some(fits)) ?? [];
}

export function nameText({ name, email }: { readonly name: string; readonly email: string }): string {
  return email === "" ? name : `${name} <${email}>`;
}

/**
 * What the histories of the mesh say of a file, or of some of its lines.
 *
 * @param file absolute
 * @throws MeshError `history.git.*`
 */
export async function fileLog(mesh: Mesh, file: string, lines?: Lines): Promise<FileLog> {
  const repositories = await repositoriesOf(mesh);
  // The innermost work tree is the one that the file belongs to.
  const holding = repositories
    .map((repository) => ({ repository, path: relative(repository.workTree, file) }))
    .filter(({ path }) => !path.startsWith(".."))
    .sort((a, b) => b.repository.workTree.length - a.repository.workTree.length);
  const [first] = holding;
  return first === undefined ? { commits: [], uncommitted: true } : first.repository.fileLog(first.path, lines);
}
