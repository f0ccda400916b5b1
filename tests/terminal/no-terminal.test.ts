import { expect, test } from "vitest";
import { fileStep, Workspace } from "./workspace.ts";

test.concurrent("review without a terminal prints what waits, asks nothing, and ends with 75", async () => {
  await using workspace = await Workspace.mesh();
  await workspace.runbook(fileStep(1, "one"));
  const { code, out, err } = await workspace.call(["review", "trial"]);
  expect(code).toBe(75);
  expect(out).toMatch(/run +touch one/);
  expect(out).toMatch(/digest sha256:[0-9a-f]{64}/);
  expect(out).not.toContain("\u001b");
  expect(err).toContain("A person has to decide");
  expect(workspace.has("targets/staging/one")).toBe(false);
});

test.concurrent("approve runs the step whose digest was read, and nothing for any other", async () => {
  await using workspace = await Workspace.mesh();
  await workspace.runbook(fileStep(1, "one"));
  const { out } = await workspace.call(["review", "--json"]);
  const [{ digest }] = JSON.parse(out).waiting[0].steps;
  const wrong = `sha256:${"0".repeat(64)}`;
  const refused = await workspace.call(["approve", "trial", "--step", "1", "--digest", wrong]);
  expect(refused.code).toBe(77);
  expect(refused.err).toContain(digest);
  expect(workspace.has("targets/staging/one")).toBe(false);

  await workspace.runbook(fileStep(1, "other"));
  expect((await workspace.call(["approve", "trial", "--step", "1", "--digest", digest])).code).toBe(77);
  expect(workspace.has("targets/staging/other")).toBe(false);

  await workspace.runbook(fileStep(1, "one"));
  expect((await workspace.call(["approve", "trial", "--step", "1", "--digest", digest])).code).toBe(0);
  expect(workspace.has("targets/staging/one")).toBe(true);
  expect((await workspace.call(["approve", "trial", "--step", "1", "--digest", digest])).code).toBe(77);
});
