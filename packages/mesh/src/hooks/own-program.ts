import { realpathSync } from "node:fs";
import { delimiter, join, resolve } from "node:path";

/**
 * The command line that starts this program: its name when the shell finds this very program by it, so that settings can be
 * shared with others; else where it lies.
 */
export function ownProgram(): readonly string[] {
  const script = realOf(resolve(process.argv[1] ?? "memomesh"));
  const found = (process.env.PATH ?? "")
    .split(delimiter)
    .filter((folder) => folder !== "" && !folder.includes("node_modules"))
    .map((folder) => realOf(join(folder, "memomesh")))
    .find((path) => path !== undefined);
  return found !== undefined && found === script ? ["memomesh"] : [process.execPath, script ?? "memomesh"];
}

function realOf(path: string): string | undefined {
  try {
    return realpathSync(path);
  } catch {
    return undefined;
  }
}
