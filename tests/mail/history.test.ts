import { appendFileSync, rmSync, writeFileSync } from "node:fs";
import { type MeshEvent, runMesh } from "@memomesh/mesh";
import { expect, test } from "vitest";
import { written } from "./memo-text.ts";
import { ofKind, Workspace } from "./workspace.ts";

const two = { nodes: { alpha: {}, beta: {} } };

test("commits one thing that happened at a time, with trailers", async () => {
  const mesh = Workspace.open({ nodes: { alpha: {}, beta: { agent: "offline" } }, git: true });
  mesh.drop("alpha", "note.md", written("beta", "For your notes", { type: "notice" }));
  mesh.drop("alpha", "lost.md", written("delta", "Lost"));
  await mesh.run();
  expect(mesh.subjects().slice(0, -1).sort()).toEqual([
    'Complete "For your notes"',
    'Deliver "For your notes" to beta',
    "Reject lost.md from alpha",
  ]);
  const trailers = mesh.git("log", "-1", "--grep=^Complete", "--format=%(trailers:only,unfold)");
  for (const name of ["Memo-Id:", "Memo-From: alpha", "Node: beta", "Agent: offline"]) expect(trailers).toContain(name);
  expect(mesh.uncommitted()).toEqual([]);
});

test("archives what an agent has completed under its month, with notes and ticked boxes", async () => {
  const mesh = Workspace.open({ nodes: { alpha: {}, beta: { agent: "offline" } }, git: true });
  const memo = `${written("beta", "For your notes", { type: "notice" })}\n## Action items\n- [ ] Read it\n`;
  mesh.drop("alpha", "note.md", memo);
  await mesh.run();
  const [archived] = mesh.files("beta", "archived");
  expect(archived?.name).toMatch(/^\d{4}\/\d{2}\/\d{4}-\d{2}-\d{2}-your-notes-[0-9a-z]{5}\.md$/);
  expect(archived?.text).toContain("status: done\n");
  expect(archived?.text).toMatch(/## Completion\n(?:.*\n)*.*offline/);
  expect(mesh.inbox("beta")).toEqual([]);
});

test("works without git, and says what is missing", async () => {
  const mesh = Workspace.open({ nodes: { alpha: {}, beta: { agent: "offline" } } });
  mesh.drop("alpha", "note.md", written("beta", "For your notes", { type: "notice" }));
  mesh.drop("alpha", "lost.md", written("delta", "Lost"));
  const events = await mesh.run();
  const warnings = ofKind(events, "warning");
  expect(warnings.map(({ code }) => code)).toEqual(["history.none"]);
  expect(warnings[0]?.text).toContain("git init");
  expect(mesh.files("beta", "archived")).toHaveLength(1);
  expect(mesh.rejected("alpha")).toHaveLength(1);
  expect(mesh.exists(".git")).toBe(false);
});

test("reports a hook that refuses, keeps the files, and commits with the next run when the hook is mended", async () => {
  const mesh = Workspace.open({ nodes: { alpha: {}, beta: { agent: "offline" } }, git: true });
  mesh.hook("pre-commit", "echo 'no commits on Fridays' >&2\nexit 1");
  mesh.drop("alpha", "note.md", written("beta", "For your notes", { type: "notice" }));
  const warnings = ofKind(await mesh.run(), "warning");
  expect(warnings.filter(({ text }) => text.includes("no commits on Fridays"))).toHaveLength(1);
  expect(warnings.at(-1)?.text).toContain("not committed yet");
  expect(mesh.files("beta", "archived")).toHaveLength(1);
  expect(mesh.subjects()).toEqual(["Begin"]);
  rmSync(mesh.path(".git/hooks/pre-commit"));
  await mesh.run();
  expect(mesh.uncommitted()).toEqual([]);
  expect(mesh.subjects()).toContain('Complete "For your notes"');
});

test("reports a signing set-up that fails, and commits when it is mended", async () => {
  const mesh = Workspace.open({ ...two, git: true });
  mesh.git("config", "commit.gpgSign", "true");
  mesh.git("config", "gpg.program", "/bin/false");
  mesh.drop("alpha", "memo.md", written("beta", "Unsigned"));
  const warnings = ofKind(await mesh.run(), "warning");
  expect(warnings.map(({ text }) => text)).toContainEqual(expect.stringContaining("gpg failed to sign"));
  expect(mesh.inbox("beta")).toHaveLength(1);
  mesh.git("config", "--unset", "commit.gpgSign");
  await mesh.run();
  expect(mesh.uncommitted()).toEqual([]);
});

test("waits while somebody else holds the index, and never removes their lock", async () => {
  const mesh = Workspace.open({ ...two, git: true });
  const lock = mesh.write(".git/index.lock", "");
  const watched = await mesh.watch();
  mesh.drop("alpha", "memo.md", written("beta", "Meanwhile"));
  await watched.told("delivered");
  expect(mesh.exists(".git/index.lock")).toBe(true);
  rmSync(lock);
  await watched.told("committed");
  expect(mesh.uncommitted()).toEqual([]);
  expect(mesh.exists(".git/index.lock")).toBe(false);
});

test("does not touch what a person has staged", async () => {
  const mesh = Workspace.open({ nodes: { alpha: {}, beta: { agent: "offline" } }, git: true });
  mesh.write("new.txt", "staged\n");
  mesh.write("mesh.yml", `${mesh.git("show", "HEAD:mesh.yml")}# staged\n`);
  mesh.git("add", "new.txt", "mesh.yml");
  appendFileSync(mesh.path("mesh.yml"), "# not staged\n");
  const before = [mesh.git("diff", "--cached"), mesh.git("diff")];
  mesh.drop("alpha", "note.md", written("beta", "For your notes", { type: "notice" }));
  await mesh.run();
  expect([mesh.git("diff", "--cached"), mesh.git("diff")]).toEqual(before);
  expect(mesh.git("log", "--format=", "--name-only", "HEAD", "^HEAD~2").split("\n")).not.toContain("new.txt");
  expect(mesh.uncommitted().sort()).toEqual(["A  new.txt", "MM mesh.yml"]);
});

test("does a session again when a person edits the memo meanwhile, and keeps what they wrote", async () => {
  const mesh = Workspace.open({ nodes: { alpha: {}, beta: { agent: "offline" } }, git: true });
  mesh.drop("alpha", "note.md", written("beta", "For your notes", { type: "notice" }));
  const events: MeshEvent[] = [];
  const onEvent = (event: MeshEvent) => {
    if (event.kind === "session-started" && ofKind(events, "session-started").length === 0) {
      appendFileSync(mesh.inbox("beta")[0]?.path ?? "", "\nP.S. from a person.\n");
    }
    events.push(event);
  };
  await runMesh({ start: mesh.root, onEvent }, new AbortController().signal);
  expect(ofKind(events, "session-redone").map(({ reason }) => reason)).toEqual([expect.stringContaining("changed")]);
  expect(ofKind(events, "session-finished")).toHaveLength(1);
  const archived = mesh.files("beta", "archived");
  expect(archived).toHaveLength(1);
  expect(archived[0]?.text).toContain("P.S. from a person.");
  expect(mesh.inbox("beta")).toEqual([]);
  expect(mesh.uncommitted()).toEqual([]);
});

test("does a session again when a person writes into STATE.md meanwhile, and keeps what they wrote", async () => {
  const mesh = Workspace.open({ nodes: { alpha: {}, beta: { agent: "offline" } }, git: true });
  const state = mesh.write("projects/beta/STATE.md", "# State\n\n## Handover notes\n\nFrom before.\n");
  mesh.drop("alpha", "note.md", written("beta", "For your notes", { type: "notice" }));
  const events: MeshEvent[] = [];
  const onEvent = (event: MeshEvent) => {
    const isFirst = event.kind === "session-progress" && ofKind(events, "session-progress").length === 0;
    if (isFirst) appendFileSync(state, "\nFrom a person, meanwhile.\n");
    events.push(event);
  };
  await runMesh({ start: mesh.root, onEvent }, new AbortController().signal);
  expect(ofKind(events, "session-redone").map(({ reason }) => reason)).toEqual([expect.stringContaining("STATE.md")]);
  const text = mesh.read("projects/beta/STATE.md");
  for (const part of ["From before.", "From a person, meanwhile.", "For your notes"]) expect(text).toContain(part);
  expect(mesh.uncommitted()).toEqual([]);
});

test("commits to the repository of a node that has its own", async () => {
  const mesh = Workspace.open({ nodes: { alpha: {}, beta: { path: "shop" } }, git: true });
  writeFileSync(mesh.path(".gitignore"), ".memomesh/\nshop/\n");
  const git = (...args: string[]) => mesh.git("-C", mesh.path("shop"), ...args);
  git("init", "--quiet", "--initial-branch=main", "--template=");
  git("config", "user.name", "Pat Person");
  git("config", "user.email", "pat@example.com");
  mesh.drop("alpha", "memo.md", written("beta", "To the shop"));
  await mesh.run();
  expect(git("log", "--format=%s").trimEnd()).toBe('Deliver "To the shop" to beta');
});
