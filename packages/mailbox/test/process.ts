import { type ChildProcessByStdio, spawn } from "node:child_process";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface, type Interface } from "node:readline";
import type { Readable, Writable } from "node:stream";
import { buildSync } from "esbuild";

/** A running `child.ts`. */
export interface Child {
  readonly process: ChildProcessByStdio<Writable, Readable, null>;
  /** The next line that it prints; undefined when it has ended. */
  line(): Promise<string | undefined>;
  /** How it ended. */
  readonly end: Promise<{ code: number | null; signal: NodeJS.Signals | null }>;
}

let made: string | undefined;

/** `child.ts` in one file, which starts in a quarter of the time. The run removes it with its temporary folder. */
function script(): string {
  if (made !== undefined) return made;
  const outfile = join(tmpdir(), `mailbox-child-${process.pid}.mjs`);
  buildSync({
    entryPoints: [join(import.meta.dirname, "child.ts")],
    outfile,
    bundle: true,
    platform: "node",
    format: "esm",
    // What some dependencies ask for with `require`, which modules do not have.
    banner: {
      js: 'import { createRequire as requireOf } from "node:module"; const require = requireOf(import.meta.url);',
    },
  });
  made = outfile;
  return made;
}

/**
 * @param limits shell commands that bound what the process may do
 * @param user whom it runs as, for somebody who is root
 */
export function startChild(
  what: string,
  root: string,
  id = "",
  limits = ":",
  user: { uid?: number; gid?: number } = {},
): Child {
  const command = ["-c", `${limits} && exec "$0" "$@"`, process.execPath, script(), what, root, id];
  const child = spawn("bash", command, { stdio: ["pipe", "pipe", "inherit"], ...user });
  const lines = linesOf(createInterface(child.stdout));
  const end = new Promise<{ code: number | null; signal: NodeJS.Signals | null }>((resolve) => {
    child.once("close", (code, signal) => resolve({ code, signal }));
  });
  child.stdin.on("error", () => {});
  return { process: child, end, line: async () => (await lines.next()).value };
}

function linesOf(reader: Interface): AsyncIterator<string, undefined> {
  return reader[Symbol.asyncIterator]() as AsyncIterator<string, undefined>;
}
