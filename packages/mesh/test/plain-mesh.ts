import { type Policy, parseMeshConfig, parseNodeConfig, type TargetConfig } from "@memomesh/core";
import { noRules } from "@memomesh/guard";
import type { Mesh, MeshNode } from "../src/load.ts";

const policy: Policy = {
  maxMemoBytes: 1,
  maxHops: 3,
  maxThread: 100,
  settleMs: 1,
  drops: "operator",
  sessionAttempts: 3,
  approvalHours: 24,
  sessionSeconds: 1,
};

/** A node as a value, without a folder on the disk. */
export function plainNode(id: string, send: string[] = [], read: string[] = [], folder?: string): MeshNode {
  const config = { ...parseNodeConfig("", "node.yml"), role: id, grants: { send, read } };
  return { id, folder: folder ?? `/m/projects/${id}`, operator: id === "operator", config };
}

/** A mesh as a value, for decisions that touch nothing. Its root is `/m`. */
export function plainMesh(
  nodes: readonly MeshNode[],
  change: { readonly drops?: Policy["drops"]; readonly targets?: Readonly<Record<string, TargetConfig>> } = {},
): Mesh {
  const { drops = "operator", targets = {} } = change;
  return {
    root: "/m",
    problems: [],
    guard: noRules,
    config: { ...parseMeshConfig("name: m", "mesh.yml"), targets, policy: { ...policy, drops } },
    nodes: new Map(nodes.map((node) => [node.id, node])),
  };
}
