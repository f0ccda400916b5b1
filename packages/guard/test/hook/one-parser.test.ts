import { setImmediate as soon } from "node:timers/promises";
import { expect, onTestFinished, test } from "vitest";
import { decideCommand } from "../../src/index.ts";
import { cwd, ground } from "./ground.ts";

/** Not plain enough to be read without a grammar. */
const work = (command: string) => `work() {\n  ${command} "\${1%%.*}"\n}\nwork a`;

test("a denial does not wait for the grammar, and nothing is allowed without it", async () => {
  const started: unknown[] = [];
  const note = (worker: unknown) => void started.push(worker);
  process.on("worker", note);
  onTestFinished(() => void process.off("worker", note));
  const denied = decideCommand(work("kubectl delete pod"), cwd, ground);
  expect(denied).toMatchObject({ allowed: false, reason: expect.stringContaining("kubectl delete") });
  await soon();
  expect(started).toEqual([]);
  expect(decideCommand(work("echo"), cwd, ground)).toMatchObject({ allowed: true });
  await soon();
  expect(started).toHaveLength(1);
});
