// Installs what the lock file names, when it is not installed yet, and runs a script of this repository with the pinned
// Node. Plain JavaScript, because the Node that starts it may be too old to strip types.
import { spawnSync } from "node:child_process";
import { existsSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const installed = join(root, "node_modules", ".package-lock.json");
const node = join(root, "node_modules", "node", "bin", "node");

const current =
  existsSync(installed) &&
  existsSync(node) &&
  statSync(installed).mtimeMs >= statSync(join(root, "package-lock.json")).mtimeMs;

if (!current) {
  console.error("Installing what package-lock.json names (npm ci) …");
  const install = spawnSync("npm", ["ci", "--no-fund", "--no-audit", "--loglevel=error"], {
    cwd: root,
    stdio: ["ignore", "ignore", "inherit"],
    shell: process.platform === "win32",
  });
  if (install.status !== 0) {
    console.error("npm ci failed; what it said stands above. Nothing was started.");
    process.exit(install.status ?? 1);
  }
}

const [script, ...args] = process.argv.slice(2);
const run = spawnSync(node, [join(root, script), ...args], {
  cwd: root,
  stdio: "inherit",
  env: { ...process.env, PATH: `${dirname(node)}:${join(root, "node_modules", ".bin")}:${process.env.PATH}` },
});
process.exit(run.status ?? 1);
