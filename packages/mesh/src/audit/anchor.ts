import { type TrailHead, trailPath } from "@memomesh/core";
import type { CommitText } from "@memomesh/mailbox";
import { trailHead } from "@memomesh/runbooks/trail";
import { takeDenials } from "./take-denials.ts";

/** The name of the trailer that says in a commit how far a node's trail reached. */
export const anchorTrailer = "Audit";

/** A head of a node's trail that a commit names. */
export interface Anchor extends TrailHead {
  readonly node: string;
}

/**
 * Lets a commit about one node carry the node's audit trail and say how far it reaches, so that what is cut off its end
 * later is missed.
 *
 * @param root absolute path of the mesh
 * @returns the commit's text, and the trail's file when there is one
 * @throws MeshError `audit.write` (exit 75)
 */
export function anchored(
  root: string,
  commit: CommitText,
): { readonly text: CommitText; readonly paths: readonly string[] } {
  const [node, ...others] = commit.trailers.flatMap(([name, value]) => (name === "Node" ? [value] : []));
  if (node === undefined || others.length > 0) return { text: commit, paths: [] };
  takeDenials(root, node);
  const head = trailHead(root, node);
  if (head === undefined) return { text: commit, paths: [] };
  const trailer = [anchorTrailer, anchorText({ node, ...head })] as const;
  return { text: { ...commit, trailers: [...commit.trailers, trailer] }, paths: [trailPath(root, node)] };
}

/** `sysadmin 12 sha256:…` */
function anchorText({ node, n, hash }: Anchor): string {
  return `${node} ${n} ${hash}`;
}

export function readAnchor(value: string): Anchor | undefined {
  const [, node, n, hash] = /^(\S+) (\d+) (sha256:[0-9a-f]{64})$/.exec(value) ?? [];
  return node === undefined || hash === undefined ? undefined : { node, n: Number(n), hash };
}
