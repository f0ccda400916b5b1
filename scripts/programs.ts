import { spawnSync } from "node:child_process";

/** Programs that tests drive for real, by the name of the Debian package that has them. */
const wanted: Readonly<Record<string, string>> = { git: "git", tmux: "tmux", vim: "vim" };

/**
 * Installs what tests need from the system, where that is possible without asking: as root on Debian and its kin.
 *
 * @returns what is still missing; the tests that need it are skipped and say so
 */
export function installPrograms(): string[] {
  const missing = missingPrograms();
  if (missing.length === 0 || process.getuid?.() !== 0 || !exists("apt-get")) return missing;
  const packages = missing.map((name) => wanted[name] as string);
  console.log(`Installing ${packages.join(", ")} with apt-get …`);
  const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
  spawnSync("apt-get", ["update", "-qq"], { stdio: "ignore", env });
  spawnSync("apt-get", ["install", "-y", "-qq", "--no-install-recommends", ...packages], { stdio: "ignore", env });
  return missingPrograms();
}

function missingPrograms(): string[] {
  return Object.keys(wanted).filter((name) => !exists(name));
}

function exists(program: string): boolean {
  return spawnSync("sh", ["-c", `command -v ${program}`], { stdio: "ignore" }).status === 0;
}
