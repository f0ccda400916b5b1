import { spawn } from "node:child_process";

export interface Call {
  /** Absolute. */
  readonly program: string;
  readonly args: readonly string[];
  readonly cwd: string;
  /** All that the program gets to see of an environment. */
  readonly env: Readonly<Record<string, string>>;
  readonly input?: string;
}

export interface Ended {
  /** undefined: it was stopped, or could not be started. */
  readonly code: number | undefined;
  readonly out: string;
  readonly err: string;
  /** It did not come to an end in time. */
  readonly late: boolean;
}

/** Time that one call has, in milliseconds. */
const longestCall = 20_000;
/** Characters of output that are kept. */
const mostOutput = 256 * 1024;

/** Runs a program without a shell, in a process group of its own that ends with it or when its time is up. */
export function runProgram({ program, args, cwd, env, input = "" }: Call): Promise<Ended> {
  return new Promise((resolve) => {
    const child = spawn(program, args, { cwd, env, stdio: ["pipe", "pipe", "pipe"], detached: true });
    let out = "";
    let err = "";
    let late = false;
    const end = () => {
      try {
        if (child.pid !== undefined) process.kill(-child.pid, "SIGKILL");
      } catch {
        // The group has ended by itself.
      }
    };
    const timer = setTimeout(() => {
      late = true;
      end();
    }, longestCall);
    const finish = (code: number | undefined) => {
      clearTimeout(timer);
      resolve({ code, out, err, late });
    };
    child.stdout.setEncoding("utf8").on("data", (text: string) => (out = (out + text).slice(0, mostOutput)));
    child.stderr.setEncoding("utf8").on("data", (text: string) => (err = (err + text).slice(0, mostOutput)));
    child.on("error", () => finish(undefined));
    child.on("exit", end);
    child.on("close", (code) => finish(late ? undefined : (code ?? undefined)));
    // A program that does not read its input closes it; that is its own affair.
    child.stdin.on("error", () => undefined);
    child.stdin.end(input);
  });
}
