import { join } from "node:path";
import { dropLatency } from "./drop-latency.ts";
import type { Figure, Row } from "./figure.ts";
import { commitMesh, makeMesh } from "./mesh-folder.ts";
import { watchedMesh } from "./watched-mesh.ts";

/** How soon a memo is delivered in meshes of common sizes; `large-mesh` has that of ten thousand nodes. */
export const latency: Figure = {
  async measure(folder) {
    const rows: Row[] = [];
    for (const nodes of [10, 1000]) {
      const mesh = makeMesh(join(folder, String(nodes)), nodes);
      commitMesh(mesh);
      const watched = await watchedMesh(mesh.root);
      rows.push(...(await dropLatency(mesh, watched)));
      await watched.stop();
    }
    return rows;
  },
};
