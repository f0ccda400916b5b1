// `npm run test:vendors`: the vendors' real programs against models that are played on this machine. They are installed
// once into a folder outside of the repository (about 0.8 GB), and run where nothing but this machine can be reached.
import { spawnSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { programs, vendorFolder } from "./programs.ts";

const root = join(import.meta.dirname, "../..");

mkdirSync(vendorFolder, { recursive: true });
writeFileSync(join(vendorFolder, "package.json"), JSON.stringify({ private: true, dependencies: programs }));
console.log(`Installing ${Object.keys(programs).join(", ")} in ${vendorFolder} …`);
run("npm", ["install", "--no-audit", "--no-fund", "--loglevel=error"], vendorFolder);

const vitest = [process.execPath, join(root, "node_modules/vitest/vitest.mjs"), "run"];
const tests = [...vitest, "--config", join(import.meta.dirname, "vitest.config.ts"), ...process.argv.slice(2)];
const alone = ["--map-root-user", "--net", "sh", "-c", 'ip link set lo up && exec "$@"', "sh"];
const canBeAlone = spawnSync("unshare", [...alone, "true"]).status === 0;
if (!canBeAlone)
  console.log("There is no way here to cut the programs off from the network; they use it if they want to.");
const [command = "", ...args] = canBeAlone ? ["unshare", ...alone, ...tests] : tests;
run(command, args, root);

function run(command: string, args: readonly string[], cwd: string): void {
  const { status, error } = spawnSync(command, args, { cwd, stdio: "inherit" });
  if (error !== undefined) console.error(`${command}: ${error.message}`);
  if (status !== 0) process.exit(status ?? 1);
}
