import { existsSync } from "node:fs";
import { readFile, stat } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { Exit, type MeshConfig, MeshError, type NodeConfig } from "@memomesh/core";
import type { GuardRules } from "@memomesh/guard";
import { ConfigCache } from "./config-cache.ts";

/** A project folder that takes part in the mesh. The person is one too: `operator`, whose folder is the mesh's root. */
export interface MeshNode {
  readonly id: string;
  /** Absolute. */
  readonly folder: string;
  readonly config: NodeConfig;
  readonly operator: boolean;
}

export interface Mesh {
  /** Absolute path of the folder that holds `mesh.yml`. */
  readonly root: string;
  readonly config: MeshConfig;
  /** What mesh.yml says under `guard:`. */
  readonly guard: GuardRules;
  /** The nodes that can be used, the operator first. */
  readonly nodes: ReadonlyMap<string, MeshNode>;
  /** Nodes that mesh.yml names and that cannot be used now, with the reason: a missing folder, a broken node.yml. */
  readonly problems: readonly NodeProblem[];
}

export interface NodeProblem {
  readonly id: string;
  readonly folder: string;
  readonly error: MeshError;
}

/** The nearest folder at or above `start` that holds a `mesh.yml`. */
export function findMeshRoot(start: string): string | undefined {
  for (let folder = resolve(start); ; folder = dirname(folder)) {
    if (existsSync(join(folder, "mesh.yml"))) return folder;
    if (dirname(folder) === folder) return undefined;
  }
}

/**
 * Reads the mesh that a folder belongs to. One broken node does not stop the others: it is listed in `problems`.
 *
 * @param start any folder of the mesh
 * @param before called with each configuration file, absolute, before it is read: to notice later that it has changed
 * @throws MeshError `mesh.missing` when no mesh.yml is found, `mesh.config.*` when it cannot be read
 */
export async function loadMesh(
  start: string,
  before: (file: string) => Promise<void> = () => Promise.resolve(),
): Promise<Mesh> {
  const root = findMeshRoot(start);
  if (root === undefined) {
    throw new MeshError(
      "mesh.missing",
      `no mesh.yml here or in any folder above ${resolve(start)}; run \`memomesh init\` to make a mesh`,
      { exit: Exit.usage },
    );
  }
  await before(join(root, "mesh.yml"));
  const cache = await ConfigCache.open(root);
  const source = await readFile(join(root, "mesh.yml"), "utf8");
  const { config, guard } = await cache.read("mesh.yml", source, () => parseMesh(source));
  const nodes = new Map<string, MeshNode>([["operator", operator(root)]]);
  const problems: NodeProblem[] = [];
  await Promise.all(
    config.nodes.map(async ({ id, path }) => {
      const folder = resolve(root, path);
      await before(join(folder, "node.yml"));
      try {
        nodes.set(id, { id, folder, config: await readNodeConfig(folder, path, cache), operator: false });
      } catch (error) {
        if (!(error instanceof MeshError)) throw error;
        problems.push({ id, folder, error });
      }
    }),
  );
  await cache.keep();
  const order = new Map(config.nodes.map(({ id }, index) => [id, index]));
  const sorted = [...nodes].sort(([a], [b]) => (order.get(a) ?? -1) - (order.get(b) ?? -1));
  return { root, config, guard, nodes: new Map(sorted), problems };
}

/** The guard reads its own part: core does not know what may be said about programs. */
async function parseMesh(source: string): Promise<Pick<Mesh, "config" | "guard">> {
  const { lineOfSetting, parseMeshConfig } = await parsers();
  const { readGuardRules } = await import("@memomesh/guard/config");
  const config = parseMeshConfig(source, "mesh.yml");
  return { config, guard: readGuardRules(config.guard, (path) => lineOfSetting(source, "mesh.yml", path)) };
}

/** Loaded only when a file is new or has changed: reading YAML takes longer than all else that most commands do. */
function parsers(): Promise<typeof import("@memomesh/core/config")> {
  return import("@memomesh/core/config");
}

async function readNodeConfig(folder: string, path: string, cache: ConfigCache): Promise<NodeConfig> {
  const file = `${path}/node.yml`;
  try {
    const source = await readFile(join(folder, "node.yml"), "utf8");
    return await cache.read(file, source, async () => (await parsers()).parseNodeConfig(source, file));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
    const found = await stat(folder).then(
      () => "has no node.yml",
      () => "does not exist",
    );
    throw new MeshError("mesh.node.missing", `the folder ${path} of this node ${found}; run \`memomesh doctor\``, {
      place: { file: "mesh.yml" },
    });
  }
}

function operator(root: string): MeshNode {
  return {
    id: "operator",
    folder: root,
    operator: true,
    config: {
      role: "operator",
      agent: "none",
      sensitive: false,
      budget: { session: {} },
      grants: { send: ["*"], read: ["*/**"] },
      requireSignatures: [],
    },
  };
}

/** The node whose folder holds `path`, the operator when none does. The innermost folder wins. */
export function nodeAt(mesh: Mesh, path: string): MeshNode {
  let best = mesh.nodes.get("operator") as MeshNode;
  for (const node of mesh.nodes.values()) {
    const inside = resolve(path) === node.folder || resolve(path).startsWith(`${node.folder}/`);
    if (inside && node.folder.length > best.folder.length) best = node;
  }
  return best;
}

/**
 * The node with this name.
 *
 * @throws MeshError `mesh.node.unknown` naming the nodes that exist, or why this one cannot be used
 */
export function requireNode(mesh: Mesh, id: string): MeshNode {
  const node = mesh.nodes.get(id);
  if (node !== undefined) return node;
  const problem = mesh.problems.find((each) => each.id === id);
  if (problem !== undefined) throw problem.error;
  throw new MeshError(
    "mesh.node.unknown",
    `there is no node "${id}"; this mesh has ${[...mesh.nodes.keys()].join(", ")}`,
    {
      exit: Exit.usage,
    },
  );
}
