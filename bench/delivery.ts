import { join } from "node:path";
import { diskLimit } from "./disk-limit.ts";
import type { Figure, Row } from "./figure.ts";
import { type Drops, dropMemos, inboxNames, makeMesh } from "./mesh-folder.ts";
import { median, timed } from "./numbers.ts";
import { openRouting } from "./routing.ts";

const nodes = 100;
const rounds = 5;
const memos = 3000;

interface Round {
  readonly limit: number;
  readonly tool: number;
  readonly person: number;
}

/**
 * Memos that a router delivers durably in a second, against what the disk can do. The disk is shared with others and its
 * speed changes from one second to the next, so both are measured in turn, and the ratio is that of the medians.
 */
export const delivery: Figure = {
  async measure(folder) {
    const done: Round[] = [];
    for (let round = 0; round < rounds; round += 1) {
      const { single, grouped } = await diskLimit(folder, { files: memos, folders: nodes });
      const tool = await deliveryRate(join(folder, `tool-${round}`), { each: memos / nodes, by: "tool" });
      const person = await deliveryRate(join(folder, `person-${round}`), { each: memos / nodes, by: "person" });
      done.push({ limit: Math.max(single, grouped), tool, person });
    }
    const row = (what: string, who: "tool" | "person"): Row => ({
      what: `delivered durably, ${nodes} nodes, ${what}`,
      measured: { value: median(done.map((round) => round[who])), unit: "a second" },
      beside: {
        what: "write, fsync, rename, fsync folder",
        quantity: { value: median(done.map(({ limit }) => limit)), unit: "a second" },
      },
      wanted: { atLeast: 0.5 },
    });
    return [row("sent by tools", "tool"), row("written by people", "person")];
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
