import { spawnSync } from "node:child_process";
import { dirname, join } from "node:path";
import type { Figure, Row } from "./figure.ts";
import { commitMesh, fillArchives, makeMesh } from "./mesh-folder.ts";
import { median } from "./numbers.ts";

const repository = dirname(import.meta.dirname);
const program = join(repository, "packages", "cli", "dist", "main.js");
const runs = 21;

/** How long a person waits for the published program, against Node doing nothing. */
export const commandLine: Figure = {
  async measure(folder) {
    // What was built before may not be what lies here now.
    start([join(repository, "scripts", "build.ts")], repository);
    const [few, many] = [makeMesh(join(folder, "few"), 4), makeMesh(join(folder, "many"), 100)];
    for (const mesh of [few, many]) commitMesh(mesh);
    fillArchives(many, 1000);
    const [small, long] = [few.root, many.root];
    const bare: Call = { args: ["-e", "0"], folder: small };
    const version: Call = { args: [program, "--version"], folder: small };
    const status: Call = { args: [program, "status"], folder: small };
    const statusOfLong: Call = { args: [program, "status"], folder: long };
    const [none, ofVersion, ofStatus, ofLong] = inTurn([bare, version, status, statusOfLong]);
    const row = (what: string, ms: number | undefined): Row => ({
      what,
      measured: { value: ms ?? Number.NaN, unit: "ms" },
      beside: { what: "node -e 0", quantity: { value: none ?? Number.NaN, unit: "ms" } },
    });
    return [
      { ...row("memomesh --version", ofVersion), wanted: { atMost: 1.5 } },
      { ...row("memomesh status", ofStatus), wanted: { atMost: 2.5 } },
      row("memomesh status, 100 nodes, 100,000 archived memos", ofLong),
    ];
  },
};

interface Call {
  readonly args: readonly string[];
  readonly folder: string;
}

/** The median of each call's milliseconds; the calls alternate, so that a busy moment of the machine falls on all of them. */
function inTurn(calls: readonly Call[]): number[] {
  const times = calls.map((): number[] => []);
  for (const { args, folder } of calls) start(args, folder);
  for (let run = 0; run < runs; run += 1) {
    for (const [index, { args, folder }] of calls.entries()) {
      const begin = performance.now();
      start(args, folder);
      times[index]?.push(performance.now() - begin);
    }
  }
  return times.map(median);
}

function start(args: readonly string[], cwd: string): void {
  const { status, stderr } = spawnSync(process.execPath, args, { cwd, stdio: ["ignore", "pipe", "pipe"] });
  if (status !== 0) throw new Error(`node ${args.join(" ")} ended with ${status}: ${stderr}`);
}
