import { join } from "node:path";
import { diskLimit } from "./disk-limit.ts";
import type { Figure, Row } from "./figure.ts";
import { type Drops, dropMemos, inboxNames, makeMesh } from "./mesh-folder.ts";
import { median, timed } from "./numbers.ts";
import { openRouting } from "./routing.ts";

const nodes = 100;
const memos = 1500;
const rounds = 9;

/**
 * Memos that a router delivers durably in a second, against what the disk can do. The disk is shared with others and its
 * speed changes from one second to the next, so all are measured in turn, and the medians are compared.
 */
export const delivery: Figure = {
  async measure(folder) {
    const rates = { single: [] as number[], grouped: [] as number[], tool: [] as number[], person: [] as number[] };
    for (let round = 0; round < rounds; round += 1) {
      const { single, grouped } = await diskLimit(folder, { files: memos, folders: nodes });
      rates.single.push(single);
      rates.tool.push(await deliveryRate(join(folder, `tool-${round}`), { each: memos / nodes, by: "tool" }));
      rates.grouped.push(grouped);
      rates.person.push(await deliveryRate(join(folder, `person-${round}`), { each: memos / nodes, by: "person" }));
    }
    const limit = Math.max(median(rates.single), median(rates.grouped));
    const row = (what: string, own: readonly number[]): Row => ({
      what: `delivered durably, ${nodes} nodes, ${what}`,
      measured: { value: median(own), unit: "a second" },
      beside: { what: "write, fsync, rename, fsync of the folder", quantity: { value: limit, unit: "a second" } },
      wanted: { atLeast: 0.5 },
    });
    return [row("sent by tools", rates.tool), row("written by people", rates.person)];
  },
};

async function deliveryRate(root: string, drops: Drops): Promise<number> {
  const mesh = makeMesh(root, nodes);
  dropMemos(mesh, drops);
  const routing = await openRouting(root);
  const ms = await timed(() => routing.routeAll());
  const arrived = inboxNames(mesh).length;
  if (arrived !== memos) throw new Error(`${arrived} of ${memos} memos arrived`);
  await routing.close();
  return (memos * 1000) / ms;
}
