import { type ExecFileException, execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { appendFile, mkdir, mkdtemp, readFile, realpath, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { initMesh } from "@memomesh/mesh";
import { memomesh, surroundings } from "./terminal.ts";

/** What a call of the program without a terminal gave. */
interface Call {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** What a runbook says before its steps; the gate wants all of it. */
const sections = "## What this does\nTries.\n\n## What is not known\nNothing.\n\n## Rollback\nUndo the steps.";

/** A mesh in a temporary folder, with the target `staging` and a node for the operator's own runbooks. */
export class Workspace {
  readonly root: string;

  private constructor(root: string) {
    this.root = root;
  }

  /** An empty folder. */
  static async empty(): Promise<Workspace> {
    return new Workspace(await realpath(await mkdtemp(join(tmpdir(), "memomesh-terminal-"))));
  }

  static async mesh(): Promise<Workspace> {
    const workspace = await Workspace.empty();
    await initMesh(workspace.root, { name: "studio", git: false });
    // Steps that lack something are part of these tests; what the gate says of them has tests of its own.
    await appendFile(workspace.path("mesh.yml"), "gate:\n  threshold: 0\n");
    return workspace;
  }

  path(...parts: string[]): string {
    return join(this.root, ...parts);
  }

  /** A file of the target `staging`. */
  site(...parts: string[]): string {
    return this.path("targets", "staging", ...parts);
  }

  has(...parts: string[]): boolean {
    return existsSync(this.path(...parts));
  }

  read(...parts: string[]): Promise<string> {
    return readFile(this.path(...parts), "utf8");
  }

  async write(path: string, content: string): Promise<void> {
    await mkdir(join(this.path(path), ".."), { recursive: true });
    await writeFile(this.path(path), content);
  }

  /** A runbook with these steps, by the name `trial`: the operator's, or that of a node in `projects/`. */
  async runbook(steps: string, { node = "operator", target = "staging" } = {}): Promise<void> {
    const folder = node === "operator" ? "runbooks" : `projects/${node}/runbooks`;
    const header = `id: rb-01JD8Q5T3ZK3N6V9Y2M4R7W1XB\nnode: ${node}\ntarget: ${target}\ncreated: 2026-11-21T10:00:00Z`;
    await this.write(`${folder}/trial.md`, `---\n${header}\n---\n# Trial\n\n${sections}\n\n${steps}`);
  }

  /** What happened to the runbook `trial`, as its journal tells it. */
  async journal(): Promise<readonly Readonly<Record<string, unknown>>[]> {
    const lines = (await this.read("runbooks/trial.record.jsonl")).trim().split("\n");
    return lines.map((line) => JSON.parse(line));
  }

  /** Runs the program without a terminal. */
  call(args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<Call> {
    const [node, main] = memomesh;
    return new Promise((resolve) => {
      const done = (error: ExecFileException | null, out: string, err: string) =>
        resolve({ code: typeof error?.code === "number" ? error.code : error === null ? 0 : -1, out, err });
      const options = { cwd: this.root, env: { ...surroundings, ...env } };
      execFile(node, [main, ...args], options, done).stdin?.end();
    });
  }

  /** @returns the number that stands in a file of the target, once it does */
  async number(name: string): Promise<number> {
    for (;;) {
      const text = await readFile(this.site(name), "utf8").catch(() => "");
      if (/^\d+\n$/.test(text)) return Number(text);
      await wait(20);
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await rm(this.root, { recursive: true, force: true });
  }
}

/** A step that says which process it is and then waits for ever. */
export const endlessStep = (number: number) => `## Step ${number}: Wait
Risk: low. Timeout: 600s.

\`\`\`sh run
sleep 600 &
echo $! > sleeper
echo waiting
wait
\`\`\`
\`\`\`sh undo
rm -f sleeper
\`\`\`

`;

/** A step that makes a file, with the check that it is there and an undo that removes it. */
export const fileStep = (number: number, name: string, checked = name) => `## Step ${number}: Make ${name}
Risk: low. Timeout: 60s.

\`\`\`sh run
touch ${name}
\`\`\`
\`\`\`sh check
test -e ${checked}
\`\`\`
\`\`\`sh undo
rm ${name}
\`\`\`

`;

export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
