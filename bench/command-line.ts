import { spawnSync } from "node:child_process";
import { dirname, join } from "node:path";
import type { Figure, Row } from "./figure.ts";
import { commitMesh, fillArchives, makeMesh } from "./mesh-folder.ts";
import { median } from "./numbers.ts";

const repository = dirname(import.meta.dirname);
const program = join(repository, "packages", "cli", "dist", "main.js");
const runs = 21;

/** How long a person, or an agent before each use of a tool, waits for the published program, against Node doing nothing. */
export const commandLine: Figure = {
  async measure(folder) {
    // What was built before may not be what lies here now.
    start({ args: [join(repository, "scripts", "build.ts")], folder: repository });
    const [few, many] = [makeMesh(join(folder, "few"), 4), makeMesh(join(folder, "many"), 100)];
    for (const mesh of [few, many]) commitMesh(mesh);
    fillArchives(many, 1000);
    const [small, long] = [few.root, many.root];
    const bare: Call = { args: ["-e", "0"], folder: small };
    const version: Call = { args: [program, "--version"], folder: small };
    const status: Call = { args: [program, "status"], folder: small };
    const statusOfLong: Call = { args: [program, "status"], folder: long };
    const lets = hook(few.folderOf("node-0"), "git status", 0);
    const denies = hook(few.folderOf("node-0"), "kubectl delete pod web", 2);
    const calls = [bare, version, status, statusOfLong, lets, denies];
    const [none, ofVersion, ofStatus, ofLong, ofLetting, ofDenying] = inTurn(calls);
    const row = (what: string, ms: number | undefined): Row => ({
      what,
      measured: { value: ms ?? Number.NaN, unit: "ms" },
      beside: { what: "node -e 0", quantity: { value: none ?? Number.NaN, unit: "ms" } },
    });
    return [
      { ...row("memomesh --version", ofVersion), wanted: { atMost: 1.5 } },
      { ...row("memomesh status", ofStatus), wanted: { atMost: 2.5 } },
      row("memomesh status, 100 nodes, 100,000 archived memos", ofLong),
      // 150 ms where Node itself takes 50.
      { ...row("memomesh guard hook lets a command through", ofLetting), wanted: { atMost: 3 } },
      { ...row("memomesh guard hook denies a command", ofDenying), wanted: { atMost: 3 } },
    ];
  },
};

interface Call {
  readonly args: readonly string[];
  readonly folder: string;
  readonly input?: string;
  /** The exit code that it has to have; 0 when absent. */
  readonly ends?: number;
}

/** What Claude Code asks before an agent runs a command. */
function hook(folder: string, command: string, ends: number): Call {
  const asked = { hook_event_name: "PreToolUse", session_id: "bench", cwd: folder, tool_name: "Bash" };
  const input = JSON.stringify({ ...asked, tool_input: { command } });
  return { args: [program, "guard", "hook", "--for", "claude"], folder, input, ends };
}

/** The median of each call's milliseconds; the calls alternate, so that a busy moment of the machine falls on all of them. */
function inTurn(calls: readonly Call[]): number[] {
  const times = calls.map((): number[] => []);
  for (const call of calls) start(call);
  for (let run = 0; run < runs; run += 1) {
    for (const [index, call] of calls.entries()) {
      const begin = performance.now();
      start(call);
      times[index]?.push(performance.now() - begin);
    }
  }
  return times.map(median);
}

function start({ args, folder: cwd, input = "", ends = 0 }: Call): void {
  const { status, stderr } = spawnSync(process.execPath, args, { cwd, input, stdio: ["pipe", "pipe", "pipe"] });
  if (status !== ends) throw new Error(`node ${args.join(" ")} ended with ${status}: ${stderr}`);
}
