import { relative } from "node:path";
import { Exit, type Memo, MeshError, parseMemo } from "@memomesh/core";
import type { MemoBox } from "@memomesh/mailbox";
import { findMemoEntry, inboxProblem, type MeshNode, nodesFrom, requireNode, sessionFiles } from "@memomesh/mesh";
import type { Caller } from "./caller.ts";
import { told } from "./told.ts";

/** A memo, and where it lies. */
export interface OpenMemo {
  readonly node: MeshNode;
  readonly box: MemoBox;
  /** Absolute. */
  readonly path: string;
  readonly memo: Memo;
}

/**
 * A memo that the caller may read: one of its own mailbox; to the operator the whole mesh is open. Links are not
 * followed: what lies elsewhere is in no mailbox.
 *
 * @param reference the memo's id, or the end of it
 * @throws MeshError `memo.unknown`, `memo.ambiguous`, `memo.unreadable`, and `memo.signature` (exit 77) for one that was laid
 *   into the inbox of a node which requires signatures
 */
export async function openMemo(caller: Caller, reference: string): Promise<OpenMemo> {
  const { mesh, node } = caller;
  return open(caller, reference, node.operator ? nodesFrom(mesh, node) : [node]);
}

/** The same for a memo that is to be worked on: also the operator works only on its own. */
export async function openOwnMemo(caller: Caller, reference: string): Promise<OpenMemo> {
  return open(caller, reference, [caller.node]);
}

async function open({ mesh }: Caller, reference: string, nodes: readonly MeshNode[]): Promise<OpenMemo> {
  const { node: id, box, path } = await findMemoEntry(nodes, reference);
  const node = requireNode(mesh, id);
  const source = await sessionFiles(mesh, node).read(relative(node.folder, path));
  if (source === undefined) {
    throw new MeshError("memo.unreadable", `memo ${reference} is no plain file of ${id}'s mailbox`);
  }
  const memo = parseMemo(source, relative(node.folder, path), { to: id });
  const forged = box === "incoming" ? await inboxProblem(mesh, node, memo) : undefined;
  if (forged !== undefined) {
    const sentence = `${forged}; it is not opened. A person can look at it with \`memomesh memo show\``;
    throw new MeshError("memo.signature", sentence, { place: { file: memo.file }, exit: Exit.notPermitted });
  }
  return { node, box, path, memo };
}

/** A memo for a model. */
export function memoText({ header, source }: Memo): string {
  return told(`memo ${header.id ?? ""}`, header.from ?? "operator", source);
}
