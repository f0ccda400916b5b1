import { execFileSync, spawnSync } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";

/** Whether this test may mount file systems: root outside of a locked-down container. */
export const mayMount = (() => {
  if (process.getuid?.() !== 0) return false;
  const folder = mkdtempSync(join(tmpdir(), "memomesh-mount-"));
  const mounted = spawnSync("mount", ["-t", "tmpfs", "none", folder]).status === 0;
  if (mounted) execFileSync("umount", [folder]);
  rmSync(folder, { recursive: true });
  return mounted;
})();

/** A small disk of its own, which can be filled. */
export interface SmallDisk {
  readonly folder: string;
  fill(): void;
  free(): void;
}

/** Mounts a disk of 256 KiB at a folder until the test is finished. */
export function mountSmallDisk(folder: string): SmallDisk {
  mkdirSync(folder, { recursive: true });
  execFileSync("mount", ["-t", "tmpfs", "-o", "size=256k", "none", folder]);
  onTestFinished(() => void spawnSync("umount", ["--lazy", folder]));
  const ballast = join(folder, "ballast");
  return {
    folder,
    fill: () => {
      // dd writes as much as there is room for, then says that there is no more.
      spawnSync("dd", ["if=/dev/zero", `of=${ballast}`, "bs=4k", "count=1000"]);
    },
    free: () => rmSync(ballast),
  };
}

/** Makes a folder unwritable, also for root, who may write wherever permissions forbid it. */
export function closeFolder(folder: string): { open(): void } {
  if (process.getuid?.() !== 0) {
    const { mode } = statSync(folder);
    chmodSync(folder, 0o555);
    const open = () => chmodSync(folder, mode);
    onTestFinished(open);
    return { open };
  }
  execFileSync("mount", ["--bind", folder, folder]);
  execFileSync("mount", ["-o", "remount,bind,ro", folder]);
  const open = () => void spawnSync("umount", ["--lazy", folder]);
  onTestFinished(open);
  return { open };
}
