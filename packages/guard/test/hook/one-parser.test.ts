import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, test } from "vitest";

/** In a process of its own, in which no other test has started the thread of the grammar. */
const script = `
import { setImmediate as soon } from "node:timers/promises";
import { decideCommand } from ${JSON.stringify(join(import.meta.dirname, "../../src/index.ts"))};
import { cwd, ground } from ${JSON.stringify(join(import.meta.dirname, "ground.ts"))};

let started = 0;
process.on("worker", () => (started += 1));
// Not plain enough to be read without a grammar.
for (const command of ["kubectl delete pod", "echo"]) {
  const { allowed, reason } = decideCommand(\`work() {\\n  \${command} "\\\${1%%.*}"\\n}\\nwork a\`, cwd, ground);
  await soon();
  console.log(JSON.stringify({ allowed, reason, started }));
}`;

test("a denial does not wait for the grammar, and nothing is allowed without it", async () => {
  const { stdout } = await promisify(execFile)(process.execPath, ["--input-type=module", "--eval", script]);
  expect(
    stdout
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line)),
  ).toEqual([
    { allowed: false, reason: expect.stringContaining("kubectl delete"), started: 0 },
    expect.objectContaining({ allowed: true, started: 1 }),
  ]);
});
