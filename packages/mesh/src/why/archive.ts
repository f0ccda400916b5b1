import { readQuery, SearchIndex } from "@memomesh/mailbox";
import type { Mesh } from "../load.ts";

/** More would be a search. */
const most = 5;

/** Ids of the memos of the archive that name a port, the most telling first. */
export async function archivedAbout(mesh: Mesh, port: string): Promise<string[]> {
  const index = new SearchIndex(mesh.root, [...mesh.nodes.values()]);
  try {
    const now = Date.now();
    const { hits } = await index.search(readQuery(`${port} type:memo`, now), { limit: 20, now });
    return [...new Set(hits.flatMap(({ memo }) => memo ?? []))].slice(0, most);
  } finally {
    index.close();
  }
}
