import { rm } from "node:fs/promises";
import { join } from "node:path";
import { hookEntries, hookFile, type Vendor, vendors, withHooks, withoutHooks } from "@memomesh/guard";
import { findMeshRoot, type Mesh, type MeshNode } from "../load.ts";
import { ownProgram } from "./own-program.ts";
import { readSettings, unusable, writeSettings } from "./settings-file.ts";

export interface InstallOptions {
  /** Default: all of them. */
  readonly vendors?: readonly Vendor[];
  /** Says what differs and writes nothing. */
  readonly check?: boolean;
  /** Takes the hooks out instead. */
  readonly remove?: boolean;
  /** The command line that starts memomesh; default: that of this process. */
  readonly program?: readonly string[];
}

/** The hooks of one program in a node's folder. */
export interface InstalledHooks {
  readonly vendor: Vendor;
  /** Relative to the node's folder. */
  readonly file: string;
  /** `out of step`: with `check`, it is not as it should be. */
  readonly state: "in step" | "written" | "removed" | "out of step";
}

/**
 * Lets the vendors' programs ask the guard before their agents use a tool, and tell them how the node stands. In each
 * settings file only the hooks of the mesh are ours; everything else is kept.
 *
 * @throws MeshError `hook.settings` when a file cannot be read exactly; those before it were written
 */
export async function installHooks(
  mesh: Mesh,
  node: MeshNode,
  options: InstallOptions = {},
): Promise<InstalledHooks[]> {
  const { vendors: wanted = vendors, check = false, remove = false, program = ownProgram() } = options;
  const results: InstalledHooks[] = [];
  for (const vendor of wanted) {
    const file = hookFile(vendor);
    const { source, settings } = await readSettings(node.folder, file);
    const next = remove
      ? withoutHooks(settings)
      : withHooks(settings, hookEntries(vendor, program, hookPlace(mesh, node)));
    if (next === undefined) throw unusable(file, "`hooks` is no object there");
    const same = JSON.stringify(next) === JSON.stringify(settings);
    if (!same && !check && remove && Object.keys(next).length === 0) await rm(join(node.folder, file));
    else if (!same && !check) await writeSettings(node.folder, file, source, next);
    results.push({ vendor, file, state: same ? "in step" : check ? "out of step" : remove ? "removed" : "written" });
  }
  return results;
}

/** The options by which a hook knows its node. One outside of the mesh's folder cannot find the mesh by itself. */
export function hookPlace(mesh: Mesh, node: MeshNode): string[] {
  const found = findMeshRoot(node.folder) === mesh.root;
  return ["--node", node.id, ...(found ? [] : ["--mesh", mesh.root])];
}
