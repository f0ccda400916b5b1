import { join } from "node:path";
import type { Figure } from "./figure.ts";
import { commitMesh, dropMemos, inboxNames, makeMesh, outgoingNames } from "./mesh-folder.ts";
import { residentMemory, timed } from "./numbers.ts";
import { openRouting } from "./routing.ts";

const nodes = 100;
const memos = 20_000;

/** Many memos in a mesh with a git history: none lost, none twice, memory flat, everything committed at the end. */
export const volume: Figure = {
  async measure(folder) {
    const mesh = makeMesh(join(folder, "mesh"), nodes);
    commitMesh(mesh);
    dropMemos(mesh, { each: memos / nodes, by: "tool" });
    const sent = outgoingNames(mesh);
    let delivered = 0;
    const memory: number[] = [];
    const routing = await openRouting(mesh.root, () => {
      delivered += 1;
      if (delivered % (memos / 4) === 0) memory.push(residentMemory());
    });
    const routingMs = await timed(() => routing.routeAll());
    const committingMs = await timed(() => routing.close());
    const arrived = inboxNames(mesh);
    const there = new Set(arrived);
    const lost = sent.filter((name) => !there.has(name)).length;
    const what = `${memos.toLocaleString("en")} memos to ${nodes} nodes, with git:`;
    // The young generation of V8 grows to its full size in the beginning, hence the half is what the end is held against.
    const [atQuarter = 0, atHalf = 0, , atEnd = 0] = memory;
    return [
      { what: `${what} lost`, measured: { value: lost, unit: "memos" }, wanted: { atMost: 0 } },
      {
        what: `${what} twice`,
        measured: { value: arrived.length + lost - memos, unit: "memos" },
        wanted: { atMost: 0 },
      },
      {
        what: `${what} left behind`,
        measured: { value: outgoingNames(mesh).length, unit: "memos" },
        wanted: { atMost: 0 },
      },
      {
        what: `${what} memory at the end`,
        measured: { value: atEnd, unit: "MB" },
        beside: { what: "after half of them", quantity: { value: atHalf, unit: "MB" } },
        wanted: { atMost: 1.25 },
      },
      { what: `${what} memory after a quarter`, measured: { value: atQuarter, unit: "MB" } },
      { what: `${what} delivered`, measured: { value: (memos * 1000) / routingMs, unit: "a second" } },
      { what: `${what} committed after the last`, measured: { value: committingMs, unit: "ms" } },
    ];
  },
};
