import { join } from "node:path";
import { incomingFolder, memoFileName, newId, printMemo } from "@memomesh/core";
import { writeDurably } from "@memomesh/mailbox";
import type { Mesh, MeshNode } from "./load.ts";

/**
 * Tells those concerned that a memo could not be delivered: the node that sent it, and the operator when a person dropped
 * it. A notice comes from `mesh`, which nobody can answer and no one else can claim to be, so it never leads to another.
 *
 * @returns the absolute paths of what was written
 */
export async function sendNotice(
  mesh: Mesh,
  node: MeshNode,
  box: "outgoing" | "incoming",
  notice: { subject: string; body: string },
): Promise<string[]> {
  const operator = mesh.nodes.get("operator") as MeshNode;
  const recipient = box === "incoming" || node.config.agent === "none" ? operator : node;
  const at = new Date();
  const id = newId(at.getTime());
  const draft = {
    id,
    from: "mesh",
    to: [recipient.id],
    date: at.toISOString(),
    type: "notice",
    subject: notice.subject,
    body: notice.body,
  } as const;
  const source = printMemo({ ...draft, digest: true }).replace(/\n---\n/, `\ndelivered: ${at.toISOString()}\n---\n`);
  const path = join(incomingFolder(recipient.folder), memoFileName(notice.subject, at.toISOString(), id));
  await writeDurably(path, source);
  return [path];
}
