import { renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { outgoingFolder } from "../packages/core/src/index.ts";
import { watchMesh } from "../packages/mesh/src/index.ts";
import { bareWatch } from "./bare-watch.ts";
import type { Figure, Row } from "./figure.ts";
import { commitMesh, type MeshFolder, makeMesh, memoText } from "./mesh-folder.ts";
import { percentile } from "./numbers.ts";

const sizes = [10, 1000, 10_000];
const drops = 200;

/** From the rename that puts a memo into place until it is delivered, one memo at a time, while a mesh is watched. */
export const latency: Figure = {
  async measure(folder) {
    const rows: Row[] = [];
    for (const nodes of sizes) {
      const mesh = makeMesh(join(folder, String(nodes)), nodes);
      commitMesh(mesh);
      const bare = await bareWatch(folder, drops);
      const own = await deliveryTimes(mesh);
      const row = (name: string, share: number): Row => ({
        what: `drop to delivered, ${nodes.toLocaleString("en")} nodes, ${name}`,
        measured: { value: percentile(own, share), unit: "ms" },
        beside: { what: "fs.watch and a durable copy", quantity: { value: percentile(bare, share), unit: "ms" } },
      });
      rows.push(row("p50", 0.5), row("p99", 0.99));
    }
    return rows;
  },
};

/** Milliseconds from drop to delivery, for each of a number of memos from nodes all over the mesh. */
async function deliveryTimes(mesh: MeshFolder): Promise<number[]> {
  let delivered = (_memo: string) => {};
  let idle = () => {};
  const watching = await watchMesh({
    start: mesh.root,
    onEvent: (event) => {
      if (event.kind === "delivered") delivered(event.memo);
      if (event.kind === "committed") idle();
    },
  });
  const times: number[] = [];
  for (let index = 0; index < drops; index += 1) {
    const from = mesh.ids[(index * 7919) % mesh.ids.length] as string;
    const to = mesh.ids[(index * 7919 + 1) % mesh.ids.length] as string;
    const { id, name, text } = memoText(from, to, `Drop ${index}`);
    const folder = outgoingFolder(mesh.folderOf(from));
    const written = join(folder, `.${name}`);
    writeFileSync(written, text);
    const arrival = new Promise<void>((resolve) => {
      delivered = (memo) => memo === id && resolve();
    });
    const committed = new Promise<void>((resolve) => {
      idle = resolve;
    });
    const start = performance.now();
    renameSync(written, join(folder, name));
    await arrival;
    times.push(performance.now() - start);
    // The next one comes to a coordinator at rest: its commit is made in the background and would take the processor.
    await Promise.race([committed, pause(1000)]);
  }
  await watching.stop();
  return times;
}
