import { type BoxEntry, boxes, readBox } from "./box.ts";
import type { Mesh } from "./load.ts";

/** Ids of all memos of a conversation that lie in any mailbox of the mesh, the given one included. */
export async function threadIds(mesh: Mesh, entry: BoxEntry): Promise<string[]> {
  const { id, thread } = entry.header ?? {};
  const first = thread ?? id;
  if (first === undefined) return [];
  const ids = new Set<string>([first, id ?? first]);
  for (const node of mesh.nodes.values()) {
    for (const box of boxes) {
      for (const { header } of await readBox(node, box)) {
        if (header?.thread === first && header.id !== undefined) ids.add(header.id);
      }
    }
  }
  return [...ids].sort();
}
