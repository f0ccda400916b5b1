import { resolve } from "node:path";
import { Exit, MeshError } from "@memomesh/core";
import type { Signatures } from "@memomesh/runbooks";
import type { Mesh } from "./load.ts";

/**
 * What the mesh asks of the signatures of approvals; undefined when it asks nothing.
 *
 * @throws MeshError `approval.signers` (exit 77) when the file that says whose keys count lies in reach of an agent
 */
export function approvalSignatures({ root, config, nodes }: Mesh): Signatures | undefined {
  const { approvals } = config.policy;
  if (approvals === undefined) return undefined;
  const allowedSigners = resolve(root, approvals.allowedSigners);
  const owner = [...nodes.values()].find((node) => !node.operator && allowedSigners.startsWith(`${node.folder}/`));
  if (owner !== undefined) {
    const sentence = `allowedSigners is ${approvals.allowedSigners}, which agents of ${owner.id} can write; expected a file outside of every node's folder.`;
    throw new MeshError("approval.signers", sentence, { place: { file: "mesh.yml" }, exit: Exit.notPermitted });
  }
  return { required: approvals.signatures === "required", allowedSigners };
}
