// `npm test`: types, lint, dead code, then every test; the last line is "N passed, N failed".
import { spawn } from "node:child_process";
import { installPrograms } from "./programs.ts";

interface Check {
  readonly name: string;
  readonly command: readonly string[];
}

const checks: readonly Check[] = [
  // With one checker it takes longer by itself, and a third less of the processors, which the tests need.
  { name: "types", command: ["tsc", "--noEmit", "--checkers", "1"] },
  { name: "lint", command: ["biome", "check", "--error-on-warnings", "."] },
  { name: "dead code", command: ["knip"] },
];

const missing = installPrograms();
if (missing.length > 0) console.log(`not here: ${missing.join(", ")}; the tests that drive them are skipped`);

const checking = Promise.all(checks.map(run));
const vitest = spawn("vitest", ["run", ...process.argv.slice(2)], { stdio: "inherit" });
const tested = new Promise<number>((resolve) => vitest.on("exit", (code) => resolve(code ?? 1)));

const results = await checking;
const failed = results.filter(({ ok }) => !ok);
if (failed.length > 0) {
  vitest.kill();
  await tested;
  for (const { name, output } of failed) console.log(`\nFAILED   ${name}\n${output}`);
  console.log(`${results.length - failed.length} passed, ${failed.length} failed`);
  process.exit(1);
}
console.log(`\nok       ${results.map(({ name }) => name).join(", ")}`);
process.exit(await tested);

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
