import { loadMesh, type Mesh, type MeshNode, nodeAt, requireNode } from "@memomesh/mesh";

/** On whose behalf a call is made: read anew for each call, so that a changed grant counts at once. */
export interface Caller {
  readonly mesh: Mesh;
  readonly node: MeshNode;
  /** The program that calls, as it names itself; it ends up in commits. */
  readonly agent: string;
}

/** Where a server was started. */
export interface Place {
  /** Absolute. */
  readonly folder: string;
  /** The mesh's folder, or any in it, when `folder` lies outside of the mesh. */
  readonly mesh?: string | undefined;
  /** The node's id; without it, the node whose folder holds `folder`. */
  readonly node?: string | undefined;
}

/** @throws MeshError `mesh.*` when there is no such mesh or node, or its configuration cannot be read */
export async function callerAt({ folder, mesh: meshFolder, node }: Place, agent: string): Promise<Caller> {
  const mesh = await loadMesh(meshFolder ?? folder);
  return { mesh, node: node === undefined ? nodeAt(mesh, folder) : requireNode(mesh, node), agent };
}
