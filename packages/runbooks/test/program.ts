import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { build, type Plugin } from "esbuild";
import { onTestFinished } from "vitest";

/** Another process of ours, that has opened a runbook or wants an approval. */
export interface Program {
  readonly pid: number;
  /** The next line that it prints. */
  line(): Promise<string>;
  write(text: string): void;
  kill(): Promise<void>;
  readonly ended: Promise<unknown>;
}

/** Starts a module that can import `@memomesh/runbooks`. It is killed at the end of the test at the latest. */
export function startProgram(source: string): Program {
  return start(["--input-type=module", "-e", source]);
}

/**
 * Makes one file of such a module, for a test that starts it many times: it loads in a quarter of the time.
 *
 * @returns what starts it with an argument
 */
export async function bundleProgram(source: string): Promise<(argument: string) => Program> {
  const folder = await mkdtemp(join(tmpdir(), "program-"));
  onTestFinished(() => rm(folder, { recursive: true }));
  const outfile = join(folder, "program.mjs");
  await build({
    stdin: { contents: source, resolveDir: import.meta.dirname },
    outfile,
    bundle: true,
    platform: "node",
    format: "esm",
    plugins: [parserWhereItLies],
    // What some dependencies ask for with `require`, which modules do not have.
    banner: {
      js: 'import { createRequire as requireOf } from "node:module"; const require = requireOf(import.meta.url);',
    },
  });
  return (argument) => start([outfile, argument]);
}

/** The guard's second parser is loaded from beside its module. */
const parserWhereItLies: Plugin = {
  name: "parser-where-it-lies",
  setup({ onResolve }) {
    onResolve({ filter: /\/grammar-place\.ts$/ }, ({ path, resolveDir }) => {
      return { path: join(resolveDir, path), external: true };
    });
  },
};

function start(args: readonly string[]): Program {
  const child = spawn(process.execPath, args, {
    cwd: import.meta.dirname,
    stdio: ["pipe", "pipe", "inherit"],
  });
  const lines = createInterface(child.stdout)[Symbol.asyncIterator]();
  const ended = once(child, "exit");
  const program: Program = {
    pid: child.pid!,
    async line() {
      const { value, done } = await lines.next();
      if (done) throw new Error("the program ended without a further line");
      return value;
    },
    write: (text) => child.stdin.write(text),
    async kill() {
      child.kill("SIGKILL");
      await ended;
    },
    ended,
  };
  onTestFinished(() => program.kill());
  return program;
}
