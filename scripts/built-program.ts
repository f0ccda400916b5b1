// Builds the published program once for a run of the tests, which start it some hundred times: from its sources it takes
// several times as long to load. So what is tested is what people get.
import { execFileSync } from "node:child_process";
import { accessSync, chmodSync, constants, mkdirSync, mkdtempSync, rmSync, statfsSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Called by vitest before the first test; what it gives back is called after the last. */
export default function buildProgram(): () => void {
  const folder = mkdtempSync(join(temporaryPlace(), "memomesh-tests-"));
  // Some tests start a process as another user.
  chmodSync(folder, 0o755);
  execFileSync(process.execPath, [join(import.meta.dirname, "build.ts"), join(folder, "program")], { stdio: "pipe" });
  process.env.MEMOMESH_BUILT = join(folder, "program", "main.js");
  // What the tests make temporarily goes with the run, also when it is interrupted in the middle of one.
  process.env.TMPDIR = join(folder, "t");
  mkdirSync(process.env.TMPDIR);
  // Processes that a test starts from the sources load twice as fast when one of them has loaded them before.
  process.env.NODE_COMPILE_CACHE = join(folder, "compiled");
  // A process that ends at this moment may still write what it has compiled.
  return () => rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
}

/** Linux's file system in memory where it has a gigabyte free: some thousand repositories are made and deleted again. */
function temporaryPlace(): string {
  const memory = "/dev/shm";
  try {
    accessSync(memory, constants.W_OK);
    const { bavail, bsize } = statfsSync(memory);
    if (bavail * bsize > 2 ** 30) return memory;
  } catch {
    // It is not there: the disk will do.
  }
  return tmpdir();
}
