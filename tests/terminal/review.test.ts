import { addNode, loadMesh } from "@memomesh/mesh";
import { expect, test } from "vitest";
import { hasTmux, Terminal } from "./terminal.ts";
import { endlessStep, fileStep, isAlive, Workspace } from "./workspace.ts";

const inTerminal = test.skipIf(!hasTmux).concurrent;

const review = (workspace: Workspace, env: Readonly<Record<string, string>> = {}) =>
  Terminal.run(["review", "trial"], { cwd: workspace.root, env });

inTerminal("shows commands, check, undo and risk before it asks", async () => {
  await using workspace = await Workspace.mesh();
  await workspace.runbook(
    `${fileStep(1, "one")}## Step 2: Restart\nRisk: low.\n\n\`\`\`sh run\nsystemctl restart web\n\`\`\`\n`,
  );
  await using terminal = await review(workspace);
  const first = await terminal.until("Step 1?");
  expect(first).toMatch(/low risk, on staging, at most 60 s/);
  expect(first).toMatch(/run +touch one\n +check +test -e one\n +undo +rm one/);
  expect(first).not.toContain("all run");
  await terminal.type("r");
  const second = await terminal.until("Step 2?");
  expect(second).toContain("done  in");
  expect(second).toMatch(/high risk.*\n +why +systemctl .*\n +why +its author says low/);
  await terminal.type("s");
  await terminal.until("Why is it skipped?");
  await terminal.type("no web here");
  await terminal.until("[exit 0]");
  expect(workspace.has("targets/staging/one")).toBe(true);
  expect(await workspace.read("runbooks/trial.record.md")).toContain("no web here");
});

inTerminal("runs what was shown when the file is edited between display and run", async () => {
  await using workspace = await Workspace.mesh();
  await workspace.runbook(fileStep(1, "shown"));
  await using terminal = await review(workspace);
  await terminal.until("Step 1?");
  await workspace.runbook(fileStep(1, "smuggled"));
  await terminal.type("r");
  await terminal.until("[exit 0]");
  expect(workspace.has("targets/staging/shown")).toBe(true);
  expect(workspace.has("targets/staging/smuggled")).toBe(false);
});

inTerminal("refuses a step whose named file changed between display and run", async () => {
  await using workspace = await Workspace.mesh();
  await addNode(await loadMesh(workspace.root), "ops", { role: "sysadmin" });
  const payload = "projects/ops/payload.sh";
  await workspace.write(payload, "touch shown\n");
  const run = `\`\`\`sh run\nsh "$MESH/${payload}"\n\`\`\``;
  const step = `## Step 1: Run the payload\nRisk: low. Needs: \`${payload}\`.\n\n${run}\n`;
  await workspace.runbook(step, { node: "ops" });
  await using terminal = await review(workspace);
  await terminal.until("Step 1?");
  await workspace.write(payload, "touch smuggled\n");
  await terminal.type("r");
  await terminal.until("Type staging to run it there:");
  await terminal.type("staging");
  expect(await terminal.until(/not done[\s\S]*Step 1\?$/)).toContain("payload.sh");
  expect(workspace.has("targets/staging/smuggled")).toBe(false);
});

inTerminal("after kill -9 in a running step says that it is uncertain and asks", async () => {
  await using workspace = await Workspace.mesh();
  await workspace.runbook(endlessStep(1) + fileStep(2, "two"));
  await using killed = await review(workspace);
  await killed.until("Step 1?");
  await killed.type("r");
  await killed.until("│ waiting");
  const sleeper = await workspace.number("sleeper");
  const started = (await workspace.journal()).find(({ type }) => type === "started");
  process.kill(Number(started?.executor), "SIGKILL");
  await killed.until("[exit 137]");

  await using terminal = await review(workspace);
  const seen = await terminal.until("Step 1?");
  expect(seen).toContain("uncertain");
  expect(seen).toContain("nothing tells how it ended");
  expect(seen).not.toContain("r run it");
  // The step's own processes live on; another try beside them is refused.
  await terminal.type("again");
  expect(await terminal.until(/Step 1\?$/)).toContain("still running");
  process.kill(sleeper, "SIGKILL");
  await terminal.type("u");
  await terminal.until(/undone[\s\S]*Step 1\?/);
  expect((await workspace.journal()).filter(({ type, phase }) => type === "started" && phase === "run")).toHaveLength(
    1,
  );
});

inTerminal("Ctrl-C ends every process of the step, and the review goes on", async () => {
  await using workspace = await Workspace.mesh();
  await workspace.runbook(endlessStep(1) + fileStep(2, "two"));
  await using terminal = await review(workspace);
  await terminal.until("Step 1?");
  await terminal.type("r");
  await terminal.until("│ waiting");
  const sleeper = await workspace.number("sleeper");
  await terminal.press("C-c");
  await terminal.until(/failed {2}stopped by a person[\s\S]*Step 1\?/);
  expect(isAlive(sleeper)).toBe(false);
  await terminal.type("u");
  await terminal.until(/undone[\s\S]*Step 1\?/);
  await terminal.press("C-c");
  expect(await terminal.until("[exit 0]")).toContain("Stopped");
});

inTerminal("drops lines that were typed while a step ran", async () => {
  await using workspace = await Workspace.mesh();
  await workspace.runbook(endlessStep(1) + fileStep(2, "two"));
  await using terminal = await review(workspace);
  await terminal.until("Step 1?");
  await terminal.type("r");
  await terminal.until("│ waiting");
  const sleeper = await workspace.number("sleeper");
  for (const line of ["s", "typed ahead", "r"]) await terminal.type(line);
  await terminal.press("r");
  process.kill(sleeper, "SIGTERM");
  const after = await terminal.until("Step 2?");
  expect(after).not.toContain("typed ahead");
  expect(after.endsWith("Step 2?")).toBe(true);
  await terminal.type("q");
  expect(await terminal.until("[exit 0]")).toContain("Stopped");
  expect(workspace.has("targets/staging/two")).toBe(false);
});

inTerminal("names the reviewer who holds the runbook", async () => {
  await using workspace = await Workspace.mesh();
  await workspace.runbook(fileStep(1, "one"));
  await using first = await review(workspace);
  await first.until("Step 1?");
  await using second = await review(workspace);
  expect(await second.until("[exit 75]")).toMatch(/being reviewed by .+ since .*process \d+/s);
  expect(workspace.has("targets/staging/one")).toBe(false);
});

inTerminal("offers to undo all when a check fails, the latest first", async () => {
  await using workspace = await Workspace.mesh();
  await workspace.runbook(fileStep(1, "one") + fileStep(2, "two", "never"));
  await using terminal = await review(workspace);
  await terminal.until("Step 1?");
  await terminal.type("r");
  await terminal.until("Step 2?");
  await terminal.type("r");
  expect(await terminal.until("ua undo all that ran")).toMatch(/failed {2}in .* its check: exit 1/);
  await terminal.until("Step 2?");
  await terminal.type("ua");
  const shown = await terminal.until("Undo step 2 (yes, no)?");
  expect(shown).toMatch(/Undo of step 2[\s\S]*rm two[\s\S]*Undo of step 1[\s\S]*rm one/);
  expect(workspace.has("targets/staging/two")).toBe(true);
  await terminal.type("yes");
  await terminal.until("Undo step 1 (yes, no)?");
  expect(workspace.has("targets/staging/one")).toBe(true);
  await terminal.type("yes");
  await terminal.until("Step 1?");
  expect([workspace.has("targets/staging/one"), workspace.has("targets/staging/two")]).toEqual([false, false]);
});

inTerminal("all shows every low-risk step before it asks, and stops at the first that fails", async () => {
  await using workspace = await Workspace.mesh();
  const restart = "## Step 4: Restart\nRisk: low.\n\n```sh run\nsystemctl restart web\n```\n";
  await workspace.runbook(fileStep(1, "one") + fileStep(2, "two", "never") + fileStep(3, "three") + restart);
  await using terminal = await review(workspace);
  await terminal.until("all run 1 to 3, all low risk");
  await terminal.until("Step 1?");
  await terminal.type("all");
  const shown = await terminal.until("Run steps 1 to 3 (yes, no)?");
  expect(shown).toMatch(/touch two[\s\S]*touch three/);
  expect(shown).not.toContain("systemctl");
  expect(workspace.has("targets/staging/one")).toBe(false);
  await terminal.type("yes");
  await terminal.until("Step 2?");
  expect(workspace.has("targets/staging/one")).toBe(true);
  expect(workspace.has("targets/staging/three")).toBe(false);
});

inTerminal("offers no all in production", async () => {
  await using workspace = await Workspace.mesh();
  await workspace.runbook(fileStep(1, "one") + fileStep(2, "two"), { target: "production" });
  await using terminal = await review(workspace);
  const seen = await terminal.until("Step 1?");
  expect(seen).toContain("on production (production)");
  expect(seen).not.toContain("all run");
  await terminal.type("all");
  await terminal.until("Type one of r, h, e, s, q");
});

inTerminal("takes up again what was stopped, and says what an edit has changed", async () => {
  await using workspace = await Workspace.mesh();
  await workspace.runbook(fileStep(1, "one") + fileStep(2, "two"));
  await using stopped = await review(workspace);
  await stopped.until("Step 1?");
  await stopped.type("r");
  await stopped.until("Step 2?");
  await stopped.type("q");
  await stopped.until("[exit 0]");

  await using terminal = await Terminal.run(["review"], {
    cwd: workspace.root,
    env: { EDITOR: "sed -i.bak s/two/zwei/" },
  });
  await terminal.until("Step 2?");
  await terminal.type("e");
  const seen = await terminal.until("Step 2?");
  expect(seen).toContain("Changed since the last review:");
  expect(seen).toMatch(/- +touch two\n +\+ +touch zwei/);
  await terminal.type("r");
  await terminal.until("[exit 0]");
  expect(workspace.has("targets/staging/zwei")).toBe(true);
});

inTerminal("lets a person mend a runbook that their edit has broken", async () => {
  await using workspace = await Workspace.mesh();
  await workspace.runbook(fileStep(1, "one"));
  const [right, wrong] = ["## Step 1:", "## Step 9:"];
  const swap = (from: string, to: string) => `sed -i.bak "s/${from}/${to}/" "$1"`;
  await workspace.write(
    "editor.sh",
    `if grep -q "${right}" "$1"; then ${swap(right, wrong)}; else ${swap(wrong, right)}; fi\n`,
  );
  await using terminal = await review(workspace, { EDITOR: `sh ${workspace.path("editor.sh")}` });
  await terminal.until("Step 1?");
  await terminal.type("e");
  expect(await terminal.until("e edit it again")).toMatch(/error {2}runbooks\/trial\.md:\d+:/);
  await terminal.type("e");
  await terminal.until("Step 1?");
});

inTerminal("colours what a terminal shows, and nothing with NO_COLOR", async () => {
  await using workspace = await Workspace.mesh();
  await workspace.runbook(fileStep(1, "one"));
  await using plain = await review(workspace, { NO_COLOR: "1" });
  await plain.until("Step 1?");
  expect(await plain.painted()).not.toContain("\u001b[");
  await plain.type("q");
  await plain.until("[exit 0]");
  await using coloured = await review(workspace);
  await coloured.until("Step 1?");
  expect(await coloured.painted()).toContain("\u001b[32mlow");
});
