import { Exit, MeshError, printMemo } from "@memomesh/core";
import type { Mesh, MeshNode } from "../load.ts";
import { type SentMemo, sendMemo } from "../send.ts";
import type { Brief } from "./brief.ts";
import { briefSubject, briefText } from "./brief-text.ts";

/**
 * Sends a brief as a memo: a node tells the operator, and the operator the node that leads the project.
 *
 * @param to the node's id, when it is another one
 * @throws MeshError `brief.recipient` when there is no such node, and what `sendMemo` throws
 */
export async function sendBrief(mesh: Mesh, sender: MeshNode, brief: Brief, to: string | undefined): Promise<SentMemo> {
  const recipient = to ?? (sender.operator ? projectManager(mesh)?.id : "operator");
  if (recipient === undefined) {
    const sentence = "no node of this mesh has the role project-manager; name the node that gets the brief";
    throw new MeshError("brief.recipient", sentence, { exit: Exit.usage });
  }
  const [, ...below] = briefText(brief).split("\n");
  const draft = { to: [recipient], type: "notice", subject: briefSubject(brief), body: below.join("\n") } as const;
  return sendMemo(mesh, sender, printMemo(draft), "brief", new Date(brief.at), "when-required");
}

function projectManager(mesh: Mesh): MeshNode | undefined {
  const nodes = [...mesh.nodes.values()];
  return nodes.find(({ config }) => config.role === "project-manager") ?? mesh.nodes.get("project-manager");
}
