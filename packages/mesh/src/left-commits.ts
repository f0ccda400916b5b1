import { incomingFolder } from "@memomesh/core";
import type { Commit } from "@memomesh/mailbox";
import { deliveryCommit } from "./commit-text.ts";
import type { MeshNode } from "./load.ts";
import { readMemoFile } from "./memo-file.ts";

/**
 * Commits for mailbox files that lie there uncommitted, because a coordinator died before it could. What happened is
 * told by where a memo lies and by what its header says; the rest, such as files that are gone, shares a commit.
 *
 * @param paths absolute
 */
export async function leftCommits(paths: readonly string[], nodes: readonly MeshNode[]): Promise<Commit[]> {
  const commits: Commit[] = [];
  const others: string[] = [];
  for (const path of paths) {
    const node = nodes.find(({ folder }) => path.startsWith(`${folder}/memos/`));
    const commit = node === undefined ? undefined : await memoCommit(path, node);
    if (commit === undefined) others.push(path);
    else commits.push(commit);
  }
  if (others.length === 0) return commits;
  const concerned = nodes.filter(({ folder }) => others.some((path) => path.startsWith(`${folder}/memos/`)));
  const subject = `Record ${others.length} mailbox files that an interrupted run left`;
  return [...commits, { paths: others, subject, trailers: concerned.map(({ id }) => ["Node", id] as const) }];
}

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
