import { existsSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { expect, onTestFinished, test } from "vitest";
import { Binary } from "./binary.ts";
import { vouched, written } from "./memo-text.ts";
import { Workspace } from "./workspace.ts";

const kills = 50;
/** How many memos are dropped during the life of one coordinator, however long that takes on a busy machine. */
const memosPerLife = 5;
/** The coordinators die in turn: some at any moment from their start on, some when they recover, some when they deliver. */
const lives: readonly ((watch: Binary) => Promise<number>)[] = [
  async () => 300,
  (watch) => watch.told("started").then(() => 150),
  async () => 300,
  (watch) => watch.told("delivered").then(() => 100),
];

/** What becomes of a memo: to whom it goes, or "rejected". */
type Fate = readonly string[] | "rejected";

/** Somebody who drops memos while coordinators come and go, each with a token that is nowhere else. */
class Dropper {
  readonly fates = new Map<string, Fate>();
  readonly #mesh: Workspace;
  #allowed = 0;
  #stopped = false;
  #going: Promise<void> | undefined;

  constructor(mesh: Workspace) {
    this.#mesh = mesh;
  }

  start(): void {
    this.#going = this.#go();
  }

  dropMore(count: number): void {
    this.#allowed += count;
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    await this.#going;
  }

  async #go(): Promise<void> {
    for (let number = 0; !this.#stopped; await pause(30)) {
      if (number < this.#allowed) this.#drop(number++);
    }
  }

  #drop(number: number): void {
    const token = `token-${number}-end`;
    const outgoing = this.#mesh.box("alpha", "outgoing");
    const file = join(outgoing, `${token}.md`);
    const [kind, fate] = kindOf(number);
    this.fates.set(token, fate);
    if (kind === "renamed") {
      writeFileSync(join(outgoing, `.${token}.tmp`), vouched("beta", token));
      renameSync(join(outgoing, `.${token}.tmp`), file);
    } else if (kind === "inbox") {
      writeFileSync(join(this.#mesh.box("beta", "incoming"), `${token}.md`), `# ${token}\n`);
    } else {
      const to = fate === "rejected" ? "nobody" : `[${fate.join(", ")}]`;
      writeFileSync(file, written(to, token, { type: "notice" }));
    }
  }
}

function kindOf(number: number): readonly [kind: "renamed" | "inbox" | "written", fate: Fate] {
  if (number % 7 === 0) return ["written", "rejected"];
  if (number % 7 === 1) return ["written", ["beta", "gamma"]];
  if (number % 42 === 2) return ["written", ["beta", "agent"]];
  if (number % 7 === 3) return ["inbox", ["beta"]];
  return number % 7 === 4 ? ["written", ["gamma"]] : ["renamed", ["beta"]];
}

/** How often each token is found at the heads of the memos of a node, in its inbox and its archive. */
function held(mesh: Workspace, node: string): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { text } of [...mesh.inbox(node), ...mesh.files(node, "archived")]) {
    const token = /token-\d+-end/.exec(text)?.[0] ?? "none";
    counts.set(token, (counts.get(token) ?? 0) + 1);
  }
  return counts;
}

test(`has every memo exactly once after the coordinator was killed ${kills} times under load`, async () => {
  const nodes = { alpha: {}, beta: {}, gamma: {}, agent: { agent: "offline" } };
  const mesh = Workspace.open({ nodes, git: true });
  const dropper = new Dropper(mesh);
  onTestFinished(() => dropper.stop());
  // Its end writes the compile cache, which those that are killed never write.
  const first = Binary.start(mesh.root, ["watch"]);
  await first.told("started");
  await first.stop();
  dropper.start();
  let begun = 0;
  let delivered = 0;
  for (let life = 0; life < kills; life += 1) {
    const watch = Binary.start(mesh.root, ["watch"]);
    dropper.dropMore(memosPerLife);
    const longestMs = (await lives[life % lives.length]?.(watch)) ?? 0;
    await pause(Math.random() * longestMs);
    await watch.kill();
    begun += watch.events.length > 0 ? 1 : 0;
    delivered += watch.events.filter(({ kind }) => kind === "delivered").length;
  }
  await dropper.stop();
  await mesh.run();
  await mesh.run();

  const wanted = (node: string) =>
    [...dropper.fates].filter(([, fate]) => fate !== "rejected" && fate.includes(node)).map(([token]) => [token, 1]);
  for (const node of ["beta", "gamma", "agent"]) {
    expect([...held(mesh, node)].sort(), node).toEqual(wanted(node).sort());
  }
  const refused = [...dropper.fates].filter(([, fate]) => fate === "rejected").map(([token]) => token);
  expect(mesh.rejected("alpha").map(({ name }) => name)).toEqual(refused.map((token) => `${token}.md`).sort());
  expect([...held(mesh, "operator")].sort(), "notices").toEqual(refused.map((token) => [token, 1]).sort());

  expect(begun).toBeGreaterThan(kills / 3);
  expect(delivered).toBeGreaterThan(kills / 5);
  for (const node of ["alpha", "beta", "gamma", "agent"]) {
    expect(mesh.files(node, "outgoing", true)).toEqual([]);
    const hidden = mesh.files(node, "incoming", true).filter(({ name }) => name.startsWith("."));
    expect(hidden).toEqual([]);
  }
  expect(mesh.uncommitted()).toEqual([]);
  expect(existsSync(mesh.path(".git", "index.lock"))).toBe(false);
  mesh.git("fsck", "--strict", "--no-dangling");
}, 300_000);
