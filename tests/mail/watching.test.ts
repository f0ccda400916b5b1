import { appendFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { eventually } from "./eventually.ts";
import { vouched, written } from "./memo-text.ts";
import { Workspace } from "./workspace.ts";

const three = { nodes: { alpha: {}, beta: {}, gamma: {} } };

test("delivers what lay there before it started, and what is dropped then", async () => {
  const mesh = Workspace.open({ ...three, git: true });
  mesh.drop("alpha", "before.md", written("beta", "Before"));
  const watched = await mesh.watch();
  await watched.told("delivered", ({ subject }) => subject === "Before");
  mesh.drop("beta", "then.md", written("alpha", "Then"));
  await watched.told("delivered", ({ subject }) => subject === "Then");
  await watched.stop();
  expect(mesh.uncommitted()).toEqual([]);
});

test("does not take a memo while it is being written, and delivers all of it", async () => {
  const mesh = Workspace.open({ ...three, policy: { settleMs: 400 } });
  const watched = await mesh.watch();
  const memo = written("beta", "Half saved");
  const path = mesh.drop("alpha", "memo.md", memo.slice(0, -12));
  mesh.drop("gamma", "other.md", vouched("beta", "Other"));
  await watched.told("delivered", ({ subject }) => subject === "Other");
  appendFileSync(path, memo.slice(-12));
  await watched.told("delivered", ({ subject }) => subject === "Half saved");
  const letters = mesh.inbox("beta").filter(({ text }) => text.includes("Half saved"));
  expect(letters.map(({ text }) => text.endsWith("Text of Half saved.\n"))).toEqual([true]);
  expect(watched.all("rejected")).toEqual([]);
});

test("does not forget a memo that has to become quiet when others are dropped meanwhile", async () => {
  const mesh = Workspace.open({ ...three, policy: { settleMs: 400 } });
  const watched = await mesh.watch();
  mesh.drop("alpha", "slow.md", written("beta", "Slow"));
  let sent = 0;
  await eventually("the slow one among many", () => {
    if (sent < 60) mesh.drop("gamma", `quick-${sent}.md`, vouched("beta", `Quick ${sent++}`));
    return watched.all("delivered").some(({ subject }) => subject === "Slow");
  });
});

test("keeps the configuration from before when mesh.yml is broken, says so, and takes the mended one", async () => {
  const mesh = Workspace.open({ ...three, git: true });
  const watched = await mesh.watch();
  const config = mesh.path("mesh.yml");
  const good = mesh.git("show", "HEAD:mesh.yml");
  writeFileSync(config, good.replace("nodes:", "nodse:"));
  const warning = await watched.told("warning", ({ code }) => code === "mesh.config");
  expect(warning.text).toContain("mesh.yml:2");
  expect(warning.text).toContain("stays in force");
  mesh.drop("alpha", "memo.md", written("beta", "Meanwhile"));
  await watched.told("delivered", ({ subject }) => subject === "Meanwhile");
  mesh.addNode("delta");
  mesh.drop("alpha", "memo.md", written("delta", "Mended"));
  await watched.told("delivered", ({ subject }) => subject === "Mended");
});

test("takes in a node that is added, and hears what is dropped there", async () => {
  const mesh = Workspace.open({ ...three, git: true });
  const watched = await mesh.watch();
  mesh.addNode("delta");
  mesh.drop("alpha", "to.md", written("delta", "To delta"));
  await watched.told("delivered", ({ subject }) => subject === "To delta");
  mesh.drop("delta", "from.md", written("alpha", "From delta"));
  await watched.told("delivered", ({ subject }) => subject === "From delta");
  await watched.stop();
  expect(mesh.subjects()).toContain('Deliver "From delta" to alpha');
});

test("goes on for the others when a node's folder is removed, says so, and takes it back in", async () => {
  const mesh = Workspace.open(three);
  const watched = await mesh.watch();
  renameSync(mesh.folder("beta"), mesh.path("away"));
  await watched.told("warning", ({ text }) => text.includes("beta") && text.includes("does not exist"));
  mesh.drop("alpha", "others.md", written("gamma", "To gamma"));
  await watched.told("delivered", ({ subject }) => subject === "To gamma");
  mesh.drop("alpha", "gone.md", written("beta", "To beta"));
  const { code } = await watched.told("rejected");
  expect(code).toBe("memo.to.unavailable");
  expect(mesh.notices("operator")).toHaveLength(1);
  // It comes back in two steps, and nobody hears of the second one.
  renameSync(mesh.path("away/node.yml"), mesh.path("node.yml"));
  renameSync(mesh.path("away"), mesh.folder("beta"));
  mesh.drop("alpha", "next.md", written("gamma", "Next"));
  await watched.told("delivered", ({ subject }) => subject === "Next");
  renameSync(mesh.path("node.yml"), mesh.path("projects/beta/node.yml"));
  mesh.drop("beta", "back.md", written("gamma", "From beta"));
  await watched.told("delivered", ({ subject }) => subject === "From beta");
});

test("makes a mailbox folder again that was removed, and hears what is dropped there", async () => {
  const mesh = Workspace.open(three);
  const watched = await mesh.watch();
  const outgoing = mesh.box("alpha", "outgoing");
  rmSync(outgoing, { recursive: true });
  await eventually("the folder again", () => mesh.exists("projects/alpha/memos/outgoing"));
  writeFileSync(join(outgoing, "memo.md"), written("beta", "Again"));
  await watched.told("delivered", ({ subject }) => subject === "Again");
});

test("hears a grant that is taken away", async () => {
  const mesh = Workspace.open(three);
  const watched = await mesh.watch();
  mesh.write("projects/alpha/node.yml", "role: alpha\nagent: none\ngrants: { send: [gamma], read: [] }\n");
  mesh.drop("alpha", "memo.md", written("beta", "Not any more"));
  const { code } = await watched.told("rejected");
  expect(code).toBe("memo.to.not-granted");
});
