import { join } from "node:path";
import { loadMesh, readStatusAt } from "../packages/mesh/src/index.ts";
import { dropLatency } from "./drop-latency.ts";
import type { Figure, Row } from "./figure.ts";
import { commitMesh, fillArchives, makeMesh } from "./mesh-folder.ts";
import { residentMemory, timed } from "./numbers.ts";
import { type WatchedMesh, watchedMesh } from "./watched-mesh.ts";

const nodes = 10_000;
const archivedEach = 10;

/** A mesh of a size that nobody has today: how long it takes to start, what it keeps in memory, how soon it delivers. */
export const largeMesh: Figure = {
  async measure(folder) {
    const mesh = makeMesh(join(folder, "mesh"), nodes);
    fillArchives(mesh, archivedEach);
    commitMesh(mesh);
    const empty = residentMemory();
    const load = await timed(() => loadMesh(mesh.root));
    const status = await timed(async () => readStatusAt(mesh.root, 5));
    let watched: WatchedMesh | undefined;
    const start = await timed(async () => {
      watched = await watchedMesh(mesh.root);
    });
    const latency = await dropLatency(mesh, watched as WatchedMesh);
    const watching = residentMemory();
    await watched?.stop();
    const what = `${nodes.toLocaleString("en")} nodes, ${(nodes * archivedEach).toLocaleString("en")} archived memos:`;
    const took = (name: string, value: number): Row => ({ what: `${what} ${name}`, measured: { value, unit: "ms" } });
    return [
      ...latency,
      took("configuration read", load),
      took("status read", status),
      took("watch ready", start),
      {
        what: `${what} memory of watch`,
        measured: { value: watching, unit: "MB" },
        beside: { what: "before it", quantity: { value: empty, unit: "MB" } },
      },
    ];
  },
};
