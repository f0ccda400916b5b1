import { mkdtempSync, renameSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { outgoingFolder } from "../packages/core/src/index.ts";
import { bareWatch } from "./bare-watch.ts";
import type { Row } from "./figure.ts";
import { type MeshFolder, memoText } from "./mesh-folder.ts";
import { percentile } from "./numbers.ts";
import type { WatchedMesh } from "./watched-mesh.ts";

const drops = 100;
/** How long the commit of a memo is waited for, in milliseconds, before the next one is dropped. */
const longestWait = 300;

/** From the rename that puts a memo into place until it is delivered, one memo at a time, from nodes all over a mesh. */
export async function dropLatency(mesh: MeshFolder, watched: WatchedMesh): Promise<Row[]> {
  const bare = bareWatch(mkdtempSync(join(dirname(mesh.root), "bare-")));
  const times = { own: [] as number[], bare: [] as number[] };
  for (let index = 0; index < drops; index += 1) {
    times.bare.push(await bare.drop());
    times.own.push(await deliveryTime(mesh, watched, index));
  }
  bare.close();
  const row = (name: string, share: number): Row => ({
    what: `drop to delivered, ${mesh.ids.length.toLocaleString("en")} nodes, ${name}`,
    measured: { value: percentile(times.own, share), unit: "ms" },
    beside: { what: "fs.watch and a durable copy", quantity: { value: percentile(times.bare, share), unit: "ms" } },
  });
  return [row("p50", 0.5), row("p99", 0.99)];
}

/** Milliseconds until one memo is delivered. It comes to a coordinator at rest: git works on the one before for a while. */
async function deliveryTime({ ids, folderOf }: MeshFolder, watched: WatchedMesh, index: number): Promise<number> {
  const [from, to] = [0, 1].map((step) => ids[(index * 7919 + step) % ids.length] as string) as [string, string];
  const { id, name, text } = memoText(from, to, `Drop ${index}`);
  const folder = outgoingFolder(folderOf(from));
  const written = join(folder, `.${name}`);
  writeFileSync(written, text);
  let committed = () => {};
  const rest = new Promise<void>((resolve) => {
    committed = resolve;
  });
  const arrival = new Promise<void>((resolve) => {
    watched.listen((event) => {
      if (event.kind === "delivered" && event.memo === id) resolve();
      if (event.kind === "committed") committed();
    });
  });
  const start = performance.now();
  renameSync(written, join(folder, name));
  await arrival;
  const time = performance.now() - start;
  await Promise.race([rest, pause(longestWait)]);
  return time;
}
