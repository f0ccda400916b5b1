import { join } from "node:path";
import { loadMesh, readStatus, watchMesh } from "../packages/mesh/src/index.ts";
import type { Figure } from "./figure.ts";
import { commitMesh, fillArchives, makeMesh } from "./mesh-folder.ts";
import { residentMemory, timed } from "./numbers.ts";

const nodes = 10_000;
const archivedEach = 10;

/** A mesh of a size that nobody has today: how long it takes to start, what it keeps in memory, how quick a look at it is. */
export const largeMesh: Figure = {
  async measure(folder) {
    const mesh = makeMesh(join(folder, "mesh"), nodes);
    fillArchives(mesh, archivedEach);
    commitMesh(mesh);
    const { root } = mesh;
    const empty = residentMemory();
    const loadMs = await timed(() => loadMesh(root));
    const statusMs = await timed(async () => readStatus(await loadMesh(root), { decisions: 5 }));
    let stop = async () => {};
    const watchMs = await timed(async () => {
      stop = (await watchMesh({ start: root, onEvent: () => {} })).stop;
    });
    const watching = residentMemory();
    await stop();
    const what = `${nodes.toLocaleString("en")} nodes, ${(nodes * archivedEach).toLocaleString("en")} archived memos:`;
    return [
      { what: `${what} configuration read`, measured: { value: loadMs, unit: "ms" } },
      { what: `${what} status`, measured: { value: statusMs, unit: "ms" } },
      { what: `${what} watch is ready`, measured: { value: watchMs, unit: "ms" } },
      {
        what: `${what} memory while watching`,
        measured: { value: watching, unit: "MB" },
        beside: { what: "before it", quantity: { value: empty, unit: "MB" } },
      },
    ];
  },
};
