import { spawn } from "node:child_process";
import { constants } from "node:os";
import { Exit, MeshError } from "@memomesh/core";

/**
 * Opens a file in the person's editor and waits until it is closed.
 *
 * @throws MeshError `editor.none` without a terminal and without $VISUAL or $EDITOR, `editor.failed` when the editor
 * ends with an error; the file is then as the editor left it
 */
export async function openEditor(path: string): Promise<void> {
  const editor = process.env.VISUAL || process.env.EDITOR || (process.stdin.isTTY ? "vi" : undefined);
  if (editor === undefined) {
    throw new MeshError(
      "editor.none",
      "there is no terminal to open an editor in; use `memomesh memo send -` and give the memo on standard input",
      { exit: Exit.usage },
    );
  }
  // As git does it: the value may hold arguments, and the shell splits them.
  const child = spawn("sh", ["-c", `${editor} "$@"`, editor, path], { stdio: "inherit" });
  // Ctrl-C in the editor is the editor's.
  const ignore = () => {};
  process.on("SIGINT", ignore);
  try {
    const status = await new Promise<number>((resolve, reject) => {
      child.on("error", reject);
      child.on("close", (code, signal) => resolve(code ?? 128 + (signal === null ? 0 : constants.signals[signal])));
    });
    if (status === 0) return;
    throw new MeshError(
      "editor.failed",
      `the editor (${editor}) ended with ${status}; nothing was sent. What you wrote lies in ${path}`,
      { exit: Exit.failed },
    );
  } finally {
    process.off("SIGINT", ignore);
  }
}
