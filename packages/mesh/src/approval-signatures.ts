import { resolve } from "node:path";
import { Exit, MeshError, type SignerFiles } from "@memomesh/core";
import type { Signatures, SignerKeys } from "@memomesh/runbooks";
import type { Mesh } from "./load.ts";

/**
 * What the mesh asks of the signatures of approvals; undefined when it asks nothing.
 *
 * @throws MeshError `approval.signers` (exit 77) when a file that says whose keys count lies in reach of an agent
 */
export function approvalSignatures(mesh: Mesh): Signatures | undefined {
  const { approvals } = mesh.config.policy;
  if (approvals === undefined) return undefined;
  return { required: approvals.signatures === "required", ...signerKeys(mesh, approvals, "approval.signers") };
}

/**
 * The files that say whose keys count, absolute.
 *
 * @throws MeshError with `code` (exit 77) when one of them lies in reach of an agent
 */
export function signerKeys({ root, nodes }: Mesh, files: SignerFiles, code: string): SignerKeys {
  for (const name of ["allowedSigners", "revokedKeys"] as const) {
    const file = files[name];
    const path = file === undefined ? undefined : resolve(root, file);
    const owner = [...nodes.values()].find((node) => !node.operator && path?.startsWith(`${node.folder}/`));
    if (owner === undefined) continue;
    const sentence = `${name} is ${file}, which agents of ${owner.id} can write; expected a file outside of every node's folder.`;
    throw new MeshError(code, sentence, { place: { file: "mesh.yml" }, exit: Exit.notPermitted });
  }
  const { allowedSigners, revokedKeys } = files;
  return {
    allowedSigners: resolve(root, allowedSigners),
    ...(revokedKeys !== undefined && { revokedKeys: resolve(root, revokedKeys) }),
  };
}
