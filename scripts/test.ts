// `npm test`: types, lint, dead code, then every test; the last line is "N passed, N failed".
import { spawn } from "node:child_process";
import { availableParallelism } from "node:os";
import { installPrograms } from "./programs.ts";

interface Check {
  readonly name: string;
  readonly command: readonly string[];
}

const checks: readonly Check[] = [
  { name: "types", command: ["tsc", "--noEmit"] },
  { name: "lint", command: ["biome", "check", "--error-on-warnings", "."] },
  { name: "dead code", command: ["knip"] },
];

const missing = installPrograms();
if (missing.length > 0) console.log(`not here: ${missing.join(", ")}; the tests that drive them are skipped`);

const results = await Promise.all(checks.map(run));
for (const { name, output, ok } of results) console.log(ok ? `ok       ${name}` : `FAILED   ${name}\n${output}`);
if (results.some(({ ok }) => !ok)) {
  console.log(`${results.filter(({ ok }) => ok).length} passed, ${results.filter(({ ok }) => !ok).length} failed`);
  process.exit(1);
}

const vitest = spawn("vitest", ["run", `--maxWorkers=${availableParallelism()}`, ...process.argv.slice(2)], {
  stdio: "inherit",
});
vitest.on("exit", (code) => process.exit(code ?? 1));

function run({ name, command }: Check): Promise<{ name: string; output: string; ok: boolean }> {
  return new Promise((resolve, reject) => {
    const [program = "", ...args] = command;
    const child = spawn(program, args, { stdio: ["ignore", "pipe", "pipe"] });
    let output = "";
    child.stdout.on("data", (data) => (output += data));
    child.stderr.on("data", (data) => (output += data));
    child.on("error", reject);
    child.on("close", (code) => resolve({ name, output, ok: code === 0 }));
  });
}
