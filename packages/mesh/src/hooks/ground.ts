import { existsSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { Exit, MeshError } from "@memomesh/core";
import type { Ground, OwnPrograms } from "@memomesh/guard";
import { findMeshRoot, loadMesh, nodeAt, requireNode } from "../load.ts";
import { auditFolder } from "./audit.ts";
import { realPath } from "./real-path.ts";

/** How a hook was told in whose name it decides. */
export interface Whereabouts {
  /** The node's id; without it, the node in whose folder the agent is. */
  readonly node?: string;
  /** The mesh's folder; without it, the nearest one at or above the agent's folder. */
  readonly mesh?: string;
  /** The private copy of the mesh in which a session works, and the node's own folder in it. */
  readonly checkout?: string;
  readonly folder?: string;
  /** With a checkout: what mesh.yml says about programs, as JSON. */
  readonly programs?: string;
  /** The folder of the audit trail, when it is not that of the mesh. */
  readonly audit?: string;
}

/** What a hook decides by, and the folder in which its decisions are kept. */
export interface HookGround {
  readonly ground: Ground;
  readonly audit: string;
  /** The mesh with the audit trail that takes its denials at once; undefined where that is out of reach. */
  readonly trail: string | undefined;
}

/**
 * Finds out where an agent stands. Of the mesh only what the guard needs is read, because an agent waits for this.
 *
 * @param cwd absolute path of the folder in which the agent is
 * @throws MeshError `hook.place` when that says no node, `mesh.*` when the configuration cannot be read
 */
export async function groundOf(where: Whereabouts, cwd: string): Promise<HookGround> {
  return where.checkout === undefined ? meshGround(where, cwd) : checkoutGround(where, where.checkout);
}

/** Nothing of the mesh is in reach there, nor needed. */
function checkoutGround({ node, folder, audit, programs = "{}" }: Whereabouts, checkout: string): HookGround {
  if (node === undefined || folder === undefined || audit === undefined)
    throw refusal("a private copy needs --node, --folder and --audit");
  const own = { id: node, folder: realPath(resolve(folder)), grants: { send: [], read: [] } };
  const around = { others: [], root: realPath(resolve(checkout)), sharedRepository: false, checkout: true };
  // The coordinator wrote them here, which has checked them when it read mesh.yml.
  const rules = { programs: JSON.parse(programs) as OwnPrograms };
  return { ground: { node: own, ...around, ...rules, ...machine() }, audit: resolve(audit), trail: undefined };
}

async function meshGround({ node: wanted, mesh: folder, audit }: Whereabouts, cwd: string): Promise<HookGround> {
  const starts = [folder, process.env.CLAUDE_PROJECT_DIR, process.env.GEMINI_PROJECT_DIR, cwd];
  const start = starts.find((each) => each !== undefined && each !== "" && findMeshRoot(each) !== undefined);
  if (start === undefined) throw refusal(`${cwd} lies in no mesh`);
  const mesh = await loadMesh(start);
  const own = wanted === undefined ? nodeAt(mesh, cwd) : requireNode(mesh, wanted);
  if (own.operator) throw refusal(`${cwd} lies in no node`);
  const places = mesh.config.nodes.map(({ id, path }) => ({ id, folder: realPath(resolve(mesh.root, path)) }));
  const ground: Ground = {
    node: { id: own.id, folder: realPath(own.folder), grants: own.config.grants },
    // Those too that cannot be used now: their folders are still theirs.
    others: places.filter(({ id }) => id !== own.id),
    root: realPath(mesh.root),
    sharedRepository: sharesRepository(own.folder),
    checkout: false,
    programs: mesh.guard.programs,
    ...machine(),
  };
  const kept = auditFolder(mesh.root, own.id);
  const given = audit === undefined ? kept : resolve(audit);
  return { ground, audit: given, trail: given === kept ? mesh.root : undefined };
}

function machine(): Pick<Ground, "home" | "temporary" | "realPath"> {
  const temporary = [tmpdir(), "/tmp", "/var/tmp"].map(realPath);
  return { home: realPath(homedir()), temporary: [...new Set(temporary)], realPath };
}

function sharesRepository(folder: string): boolean {
  if (existsSync(join(folder, ".git"))) return false;
  for (let at = dirname(folder); ; at = dirname(at)) {
    if (existsSync(join(at, ".git"))) return true;
    if (dirname(at) === at) return false;
  }
}

function refusal(why: string): MeshError {
  const sentence = `the guard cannot tell for which node it decides: ${why}; \`memomesh hooks install\` writes a hook that says it`;
  return new MeshError("hook.place", sentence, { exit: Exit.usage });
}
