import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
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
  const child = spawn(process.execPath, ["--input-type=module", "-e", source], {
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
