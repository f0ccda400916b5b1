import { execFile } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";

const patience = 20_000;

/**
 * What a vendor's program says its version is, such as `2.1.329`; undefined when it says nothing of the kind. It is started
 * with a home folder of its own, so that it changes nothing, and does not look for a newer version of itself.
 *
 * @param program absolute path
 */
export async function programVersion(program: string): Promise<string | undefined> {
  const home = await mkdtemp(join(tmpdir(), "memomesh-doctor-"));
  const quiet = { DISABLE_AUTOUPDATER: "1", CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: "1", NO_COLOR: "1" };
  const env = { PATH: process.env.PATH, HOME: home, TMPDIR: home, ...quiet };
  try {
    const options = { cwd: home, env, timeout: patience, killSignal: "SIGKILL" } as const;
    const { stdout } = await promisify(execFile)(program, ["--version"], options);
    return /\d+\.\d+\.\d+/.exec(stdout)?.[0];
  } catch {
    return undefined;
  } finally {
    await rm(home, { recursive: true, force: true });
  }
}

/** Whether one version, such as `2.1.9`, came before another. */
export function isBefore(one: string, other: string): boolean {
  return one.localeCompare(other, "en", { numeric: true }) < 0;
}
