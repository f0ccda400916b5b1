import { spawn } from "node:child_process";
import { systemPath } from "./environment.ts";
import { findProgram } from "./system-program.ts";

/**
 * The mode in which every fence runs; shown to the reviewer, because it decides what the text means.
 *
 * `-p`: no start-up file, no BASH_ENV, no function and no option from the environment (`--norc --noprofile` leave
 * BASH_ENV working; docs/security.md). `-e`: the first command that fails ends the fence. `-u`: an unset variable is a
 * failure, so that `rm -r "$SITEE/old"` removes nothing. `-o pipefail`: a pipe fails when any part of it does. The text
 * goes to `-c` as it is, without anything before, behind or around it.
 */
export const shellMode = ["-p", "-e", "-u", "-o", "pipefail"] as const;

/** As a reviewer reads it. */
export const shellModeText = `bash ${shellMode.join(" ")}`;

/** Linux takes no argument of 128 KiB or more; the guard reads no more than this either. */
export const longestFence = 64 * 1024;

/**
 * Asks bash whether it can read the whole text, without running any of it. Otherwise it would run all that stands above
 * a mistake and only then find the mistake.
 *
 * @returns what bash says against it; undefined when it can be read
 */
export function syntaxProblem(text: string): Promise<string | undefined> {
  return new Promise((resolve, reject) => {
    const child = spawn(findProgram("bash"), [...shellMode, "-n", "-c", text], {
      env: { PATH: systemPath, LANG: "C" },
      stdio: ["ignore", "ignore", "pipe"],
    });
    let said = "";
    child.stderr.setEncoding("utf8").on("data", (chunk: string) => {
      said = (said + chunk).slice(0, 2000);
    });
    child.on("error", reject);
    child.on("close", (code) =>
      resolve(code === 0 && said === "" ? undefined : said.trim() || `bash ended with ${code}`),
    );
  });
}
