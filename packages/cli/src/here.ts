import { relative } from "node:path";
import { loadMesh, type Mesh, type MeshNode, nodeAt, requireNode } from "@memomesh/mesh";

/**
 * The mesh around the current folder, and the node in whose name a command acts: the one that is named, else the one
 * whose folder we are in, else the operator.
 */
export async function meshHere(named?: string): Promise<{ mesh: Mesh; node: MeshNode }> {
  const mesh = await loadMesh(process.cwd());
  return { mesh, node: named === undefined ? nodeAt(mesh, process.cwd()) : requireNode(mesh, named) };
}

/** A path as a person in the current folder would type it. */
export function shown(path: string): string {
  return relative(process.cwd(), path) || ".";
}

/** A point in time for a person: local date and minute. */
export function shownTime(iso: string): string {
  const time = new Date(iso);
  if (Number.isNaN(time.getTime())) return iso;
  const two = (value: number) => String(value).padStart(2, "0");
  const day = `${time.getFullYear()}-${two(time.getMonth() + 1)}-${two(time.getDate())}`;
  return `${day} ${two(time.getHours())}:${two(time.getMinutes())}`;
}
