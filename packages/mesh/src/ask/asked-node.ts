import { Exit, MeshError } from "@memomesh/core";
import { type Mesh, type MeshNode, requireNode } from "../load.ts";

/**
 * The node that a person asks when they do not say whom: the one that looks after systems, or the only one that has an
 * agent. Pure.
 *
 * @param named what they said
 * @throws MeshError `ask.whom` when it cannot be told, `ask.nobody` when no agent works there; `mesh.node.*`
 */
export function askedNode(mesh: Mesh, named: string | undefined): MeshNode {
  const node = named === undefined ? usualNode(mesh) : requireNode(mesh, named);
  if (node.config.agent !== "none") return node;
  throw new MeshError(
    "ask.nobody",
    `no agent works in ${node.id}; name another node, or give it one with \`agent:\` in its node.yml.`,
    { exit: Exit.usage },
  );
}

function usualNode(mesh: Mesh): MeshNode {
  const able = [...mesh.nodes.values()].filter(({ config }) => config.agent !== "none");
  const sysadmins = able.filter(({ config }) => config.role === "sysadmin");
  const [only, ...others] = sysadmins.length > 0 ? sysadmins : able;
  if (only !== undefined && others.length === 0) return only;
  const names = able.map(({ id }) => id).join(", ");
  throw new MeshError(
    "ask.whom",
    able.length === 0
      ? "no node of this mesh has an agent; `memomesh node add` makes one."
      : `say whom to ask with --node: ${names}.`,
    { exit: Exit.usage },
  );
}
