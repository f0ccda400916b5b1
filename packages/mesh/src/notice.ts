import { mkdir } from "node:fs/promises";
import { dirname, join } from "node:path";
import { derivedId, idTime, incomingFolder, memoFileName, newId, printMemo } from "@memomesh/core";
import { fileError, findMemo, writeDurably } from "@memomesh/mailbox";
import type { Mesh, MeshNode } from "./load.ts";
import { wantsSignature } from "./memo-signature.ts";

export interface Notice {
  /** Given when a crash may have it sent again: under one id it is sent once. */
  readonly id?: string;
  readonly subject: string;
  readonly body: string;
}

/**
 * Tells those concerned that a memo could not be delivered: the node that sent it, and the operator when a person dropped
 * it, or when the node takes signed memos only, for the mesh has no key. A notice comes from `mesh`, which nobody can
 * answer and no one else can claim to be, so it never leads to another.
 *
 * @returns the absolute path at which it lies
 * @throws MeshError `mailbox.*` when the disk does not take it
 */
export async function sendNotice(
  mesh: Mesh,
  node: MeshNode,
  box: "outgoing" | "incoming",
  notice: Notice,
): Promise<string> {
  const operator = mesh.nodes.get("operator") as MeshNode;
  const deaf = node.config.agent === "none" || wantsSignature(node, "mesh");
  const recipient = box === "incoming" || deaf ? operator : node;
  const at = new Date();
  const { subject, body, id = newId(at.getTime()) } = notice;
  const sent = notice.id === undefined ? undefined : await findMemo(recipient, notice.id);
  if (sent !== undefined) return sent;
  const draft = {
    id,
    from: "mesh",
    to: [recipient.id],
    date: at.toISOString(),
    type: "notice",
    subject,
    body,
  } as const;
  const source = printMemo({ ...draft, digest: true }).replace(/\n---\n/, `\ndelivered: ${at.toISOString()}\n---\n`);
  const path = join(incomingFolder(recipient.folder), memoFileName(subject, at.toISOString(), id));
  try {
    await mkdir(dirname(path), { recursive: true });
    await writeDurably(path, source);
    return path;
  } catch (error) {
    throw fileError(error, `sending the notice "${subject}" to ${recipient.id}`);
  }
}

/** The id of the one notice that a rejected claim leads to: a ULID of the same time, derived from the claim's own. */
export function noticeId(claim: string): string {
  return derivedId(idTime(claim), `notice ${claim}`);
}
