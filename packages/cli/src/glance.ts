import { Exit } from "@memomesh/core";
import { createOutput, endQuietly, reportError } from "./output.ts";
import { showStatus } from "./show-status.ts";

/**
 * `memomesh status` without the parser of arguments and without any other command. It is built as one file of its own:
 * people type it all day, and to load the parts of the whole program takes longer than what it does.
 *
 * @returns the exit code
 */
export async function glance({ json }: { json: boolean }): Promise<number> {
  endQuietly();
  const output = createOutput({ json });
  try {
    await showStatus(output);
    return Exit.done;
  } catch (error) {
    return reportError(error, output);
  }
}
