import { spawn } from "node:child_process";

/** How a hook has answered. */
export interface ProbeEnd {
  /** Undefined when it did not end in time. */
  readonly exit: number | undefined;
  /** The last line that it wrote to standard error. */
  readonly says: string;
}

/** Longer than any vendor would wait; in milliseconds. */
const patience = 20_000;

/**
 * Runs a hook as the vendors' programs do.
 *
 * @param line for a POSIX shell
 * @param folder absolute path of the folder in which it runs
 */
export function probe(line: string, input: unknown, folder: string): Promise<ProbeEnd> {
  return new Promise((resolve) => {
    const child = spawn("sh", ["-c", line], { cwd: folder, stdio: ["pipe", "ignore", "pipe"], timeout: patience });
    let said = "";
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      said = (said + text).slice(-4000);
    });
    child.on("error", (error) => resolve({ exit: undefined, says: error.message }));
    child.on("close", (code) => resolve({ exit: code ?? undefined, says: said.trim().split("\n").at(-1) ?? "" }));
    // A hook that does not even read its input has said enough by its exit code.
    child.stdin.on("error", () => undefined);
    child.stdin.end(JSON.stringify(input));
  });
}
