import { mkdirSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { archivedFolder, memoFileName, newId, printMemo, withHeader } from "../packages/core/src/index.ts";
import { readQuery, SearchIndex } from "../packages/mailbox/src/index.ts";
import type { Figure } from "./figure.ts";
import { type MeshFolder, makeMesh } from "./mesh-folder.ts";
import { median, percentile, timed } from "./numbers.ts";

const nodes = 20;
const memos = 100_000;
const days = 1000;

/** Ordinary questions, and the worst: words that stand in every memo. */
const questions = [
  "rollback shop",
  '"port 8080"',
  "from:node-3 certificate",
  "type:alert disk after:30d",
  "to:node-7 before:2y",
  "postgres backup restore",
  "memo the of",
];

/** A search over the archive of many years: the first one, which reads everything, and those that follow. */
export const search: Figure = {
  async measure(folder) {
    const mesh = makeMesh(join(folder, "mesh"), nodes);
    fillYears(mesh);
    const index = new SearchIndex(
      mesh.root,
      mesh.ids.map((id) => ({ id, folder: mesh.folderOf(id) })),
    );
    const ask = (text: string) => index.search(readQuery(text, Date.now()), { limit: 10, now: Date.now() });
    const first = await timed(() => ask("rollback"));
    const warm: number[] = [];
    for (const text of questions) for (let time = 0; time < 7; time += 1) warm.push(await timed(() => ask(text)));
    index.close();
    const what = `search of ${memos.toLocaleString("en")} memos:`;
    return [
      { what: `${what} the first, with an index to be made`, measured: { value: first, unit: "ms" } },
      { what: `${what} warm, median`, measured: { value: median(warm), unit: "ms" }, wanted: { atMost: 50 } },
      { what: `${what} warm, 95 of 100`, measured: { value: percentile(warm, 0.95), unit: "ms" } },
    ];
  },
};

/** Completed memos of the last years, each with words of its own: a few common ones, many rare ones. */
function fillYears({ ids, folderOf }: MeshFolder): void {
  const dice = seeded(7);
  const types = ["deployment", "ask", "question", "answer", "review", "alert", "notice"] as const;
  const made = new Set<string>();
  for (let count = 0; count < memos; count += 1) {
    const at = new Date(Date.now() - Math.floor(dice() * days * 86_400_000));
    const id = newId(count);
    const [from = "", to = ""] = [ids[Math.floor(dice() * nodes)], ids[Math.floor(dice() * nodes)]];
    const subject = `Memo about ${word(dice)} and ${word(dice)}`;
    const body = `The state of ${Array.from({ length: 120 }, () => word(dice)).join(" ")}, port ${1024 + Math.floor(dice() * 60_000)}.\n`;
    const date = at.toISOString();
    const text = printMemo({ id, from, to: [to], date, type: types[count % types.length]!, subject, body });
    const archive = archivedFolder(folderOf(to), at);
    if (!made.has(archive)) mkdirSync(archive, { recursive: true });
    made.add(archive);
    const path = join(archive, memoFileName(subject, date, id));
    writeFileSync(path, withHeader(text, { delivered: date, status: "done" }));
    utimesSync(path, at, at);
  }
  for (const archive of made) utimesSync(archive, new Date(0), new Date(1e12));
}

const named = ["rollback", "shop", "certificate", "disk", "postgres", "backup", "restore", "staging", "proxy"];

/** The n-th most common word is n times as rare as the most common one, about as in any language. */
function word(dice: () => number): string {
  const rank = Math.floor(30_000 ** dice());
  return rank % 97 === 5 ? named[rank % named.length]! : `w${rank.toString(36)}`;
}

/** The same numbers in every run: https://en.wikipedia.org/wiki/Linear_congruential_generator */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fffffff;
    return state / 0x7fffffff;
  };
}
