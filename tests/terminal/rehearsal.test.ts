import { existsSync } from "node:fs";
import { expect, test } from "vitest";
import { hasTmux, Terminal } from "./terminal.ts";
import { Workspace } from "./workspace.ts";

const step = (number: number, preview: string) =>
  `## Step ${number}: Make one\nRisk: low.\n\n\`\`\`sh preview\n${preview}\n\`\`\`\n\`\`\`sh run\ntouch one\n\`\`\`\n\`\`\`sh check\ntest -e one\n\`\`\`\n\n`;

test.skipIf(!hasTmux).concurrent("shows, asks, runs what only looks, and changes nothing", async () => {
  await using workspace = await Workspace.mesh();
  await workspace.write("targets/staging/kept", "");
  await workspace.runbook(step(1, "ls") + step(2, "touch looked"));
  await using terminal = await Terminal.run(["review", "trial", "--rehearse"], { cwd: workspace.root });
  const shown = await terminal.until("Run 3 previews and checks, which only look (yes, no)?");
  expect(shown).toMatch(/look +ls\n +run +touch one/);
  expect(shown).toContain("its preview is not run now: it may do more than look (write)");
  await terminal.type("yes");
  const after = await terminal.until("[exit 0]");
  expect(after).toMatch(/Step 1: preview\n +│ kept\n +exit 0/);
  expect(after).toContain("Nothing was changed.");
  expect([workspace.has("targets/staging/one"), workspace.has("targets/staging/looked")]).toEqual([false, false]);
  expect(existsSync(workspace.path("runbooks/trial.record.jsonl"))).toBe(false);
});

test.skipIf(!hasTmux).concurrent("a reviewer sees the preview of a step before they decide", async () => {
  await using workspace = await Workspace.mesh();
  await workspace.write("targets/staging/kept", "");
  await workspace.runbook(step(1, "ls"));
  await using terminal = await Terminal.run(["review", "trial"], { cwd: workspace.root });
  await terminal.until("Step 1?");
  await terminal.type("p");
  expect(await terminal.until(/nothing was changed[\s\S]*Step 1\?$/)).toContain("│ kept");
  await terminal.type("r");
  await terminal.until("[exit 0]");
  expect(workspace.has("targets/staging/one")).toBe(true);
});

test("without a terminal tells what stands in the way, and runs nothing", async () => {
  await using workspace = await Workspace.mesh();
  await workspace.runbook(step(1, "touch looked").replace("Risk: low.", "Risk: low. Needs: `dist`."));
  const { code, out } = await workspace.call(["review", "trial", "--rehearse"]);
  expect({ code, way: out.includes("in its way  it needs `dist`, which is not there") }).toEqual({
    code: 1,
    way: true,
  });
  expect(out).toMatch(/it would +make the folder .*targets\/staging\n/);
  expect(workspace.has("targets/staging")).toBe(false);
});

test("shows of an upload what it would send, where, and what is in use there", async () => {
  await using workspace = await Workspace.mesh();
  await workspace.write("dist/index.html", "two\n");
  await workspace.write("targets/staging/kept", "");
  await workspace.runbook(
    "## Step 1: Put 2 in use\nRisk: low. Timeout: 60s. Upload: `dist` to `releases/2` as `current`.\n\nSends it.\n",
  );
  const { code, out } = await workspace.call(["review", "trial", "--rehearse"]);
  expect(code).toBe(0);
  expect(out).toMatch(
    / upload dist, 1 file, 4 bytes\n +sha256:[0-9a-f]{64}\n +to releases\/2; then current leads to it\n +run +# The files/,
  );
  expect(out).toContain(
    "it would  staging: send 1 of 1 files and folders, 4 bytes, to releases/2; current is not there yet",
  );
  expect(workspace.has("targets/staging/releases")).toBe(false);
});
