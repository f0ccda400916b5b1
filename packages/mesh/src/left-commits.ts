import { basename } from "node:path";
import { incomingFolder, outgoingFolder, rejectedFolder } from "@memomesh/core";
import type { Commit, Uncommitted } from "@memomesh/mailbox";
import { deliveryCommit } from "./commit-text.ts";
import type { MeshNode } from "./load.ts";
import { readMemoFile } from "./memo-file.ts";

/**
 * Commits for mailbox files that lie there uncommitted, because a coordinator died before it could. What happened is
 * told by where a memo lies and by what its header says. What people have edited, and what is not delivered yet, is
 * theirs and is left alone.
 */
export async function leftCommits(files: readonly Uncommitted[], nodes: readonly MeshNode[]): Promise<Commit[]> {
  const commits: Commit[] = [];
  const moved: { readonly path: string; readonly node: MeshNode }[] = [];
  for (const { path, state } of files) {
    const node = nodes.find(({ folder }) => path.startsWith(`${folder}/memos/`));
    if (node === undefined || basename(path).startsWith(".")) continue;
    const commit = state === "new" ? await memoCommit(path, node) : undefined;
    if (commit !== undefined) commits.push(commit);
    else if (isMoved(path, state, node)) moved.push({ path, node });
  }
  if (moved.length === 0) return commits;
  const trailers = [...new Set(moved.map(({ node }) => node.id))].map((id) => ["Node", id] as const);
  return [
    ...commits,
    { paths: moved.map(({ path }) => path), subject: "Record what an interrupted run moved", trailers },
  ];
}

/** Taken out of a box, or put with the rejected ones. */
function isMoved(path: string, state: Uncommitted["state"], { folder }: MeshNode): boolean {
  if (state === "new") return path.startsWith(`${rejectedFolder(folder)}/`);
  return state === "gone" && [incomingFolder(folder), outgoingFolder(folder)].some((box) => path.startsWith(`${box}/`));
}

/** What a delivered memo tells of itself; undefined when it is none. */
async function memoCommit(path: string, node: MeshNode): Promise<Commit | undefined> {
  const found = await readMemoFile(path).catch(() => undefined);
  const { id, from = "operator", subject, delivered, status } = found?.memo.header ?? {};
  if (id === undefined || subject === undefined || delivered === undefined) return undefined;
  if (path.startsWith(`${incomingFolder(node.folder)}/`))
    return { paths: [path], ...deliveryCommit({ id, from, to: [node.id], subject }) };
  const trailers = [
    ["Memo-Id", id],
    ["Memo-From", from],
    ["Node", node.id],
  ] as const;
  return { paths: [path], subject: `${status === "declined" ? "Decline" : "Complete"} "${subject}"`, trailers };
}
