import { spawnSync } from "node:child_process";
import { existsSync, rmSync, writeFileSync } from "node:fs";

/** Programs that tests drive for real, by the name of the Debian package that has them. */
const wanted: Readonly<Record<string, string>> = {
  git: "git",
  tmux: "tmux",
  vim: "vim",
  sshd: "openssh-server",
  bwrap: "bubblewrap",
};

/** Debian asks this file before it starts a daemon that was just installed; 101 says no. */
const daemonPolicy = "/usr/sbin/policy-rc.d";

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
  const install = ["install", "-y", "-qq", "--no-install-recommends", ...packages];
  spawnSync("apt-get", ["update", "-qq"], { stdio: "ignore", env });
  withoutDaemons(() => spawnSync("apt-get", install, { stdio: "ignore", env }));
  return missingPrograms();
}

/** Nothing that is installed for the tests may begin to serve the network. A policy that is there already stays. */
function withoutDaemons(install: () => void): void {
  const isOurs = !existsSync(daemonPolicy);
  if (isOurs) writeFileSync(daemonPolicy, "#!/bin/sh\nexit 101\n", { mode: 0o755 });
  try {
    install();
  } finally {
    if (isOurs) rmSync(daemonPolicy);
  }
}

function missingPrograms(): string[] {
  return Object.keys(wanted).filter((name) => !exists(name));
}

function exists(program: string): boolean {
  // Daemons lie where only root's PATH leads.
  const env = { ...process.env, PATH: `${process.env.PATH}:/usr/sbin` };
  return spawnSync("sh", ["-c", `command -v ${program}`], { stdio: "ignore", env }).status === 0;
}
