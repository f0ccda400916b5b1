import { expect, test } from "vitest";
import { written } from "./memo-text.ts";
import { ofKind, Workspace } from "./workspace.ts";

const three = { nodes: { alpha: {}, beta: {}, gamma: {} } };

test("delivers a memo to the one it is addressed to, and to nobody else", async () => {
  const mesh = Workspace.open(three);
  mesh.drop("alpha", "hello.md", written("beta", "Hello"));
  const events = await mesh.run();
  const [letter] = mesh.inbox("beta");
  expect(letter?.name).toMatch(/^\d{4}-\d{2}-\d{2}-hello-[0-9a-z]{5}\.md$/);
  expect(letter?.text).toContain("from: alpha\n");
  expect(letter?.text.endsWith("# Hello\n\nText of Hello.\n")).toBe(true);
  expect([mesh.inbox("alpha"), mesh.inbox("gamma"), mesh.inbox("operator")]).toEqual([[], [], []]);
  expect(mesh.files("alpha", "outgoing", true)).toEqual([]);
  expect(ofKind(events, "delivered")).toMatchObject([{ from: "alpha", to: ["beta"], subject: "Hello" }]);
});

test("delivers a memo to several, the same text under the same id", async () => {
  const mesh = Workspace.open(three);
  mesh.drop("alpha", "both.md", written("[beta, gamma]", "Both"));
  await mesh.run();
  const copies = [...mesh.inbox("beta"), ...mesh.inbox("gamma")];
  expect(copies).toHaveLength(2);
  expect(copies[0]?.text).toBe(copies[1]?.text);
});

test('delivers to "*" what goes to everyone the sender may write to, but not to itself', async () => {
  const mesh = Workspace.open({ nodes: { alpha: { send: ["beta"] }, beta: {}, gamma: {} } });
  mesh.drop("alpha", "all.md", written('"*"', "All"));
  mesh.drop("beta", "all.md", written('"*"', "All of mine"));
  await mesh.run();
  const subjects = (id: string) => mesh.inbox(id).map(({ text }) => /^# (.*)$/m.exec(text)?.[1]);
  expect(subjects("alpha")).toEqual(["All of mine"]);
  expect(subjects("beta")).toEqual(["All"]);
  expect(subjects("gamma")).toEqual(["All of mine"]);
  expect(subjects("operator").sort()).toEqual(["All", "All of mine"]);
});

test("takes what a person drops into an inbox without any header as coming from the operator", async () => {
  const mesh = Workspace.open(three);
  mesh.drop("beta", "please look.md", "# Please look\n\nAt this.\n", "incoming");
  await mesh.run();
  const letters = mesh.inbox("beta");
  expect(letters).toHaveLength(1);
  expect(letters[0]?.text).toMatch(/^from: operator$/m);
  expect(letters[0]?.text).toMatch(/^to: beta$/m);
});

test("reads the header in bold lines", async () => {
  const mesh = Workspace.open(three);
  mesh.drop("alpha", "bold.md", "# Bold\n\n**To:** beta\n**Priority:** high\n\nText.\n");
  await mesh.run();
  expect(mesh.inbox("beta")[0]?.text).toContain("**Priority:** high\n\nText.\n");
});

test("reaches a node that lies elsewhere", async () => {
  const mesh = Workspace.open({ nodes: { alpha: {}, beta: { path: "other/place" } } });
  mesh.drop("alpha", "far.md", written("beta", "Far"));
  await mesh.run();
  expect(mesh.inbox("beta")).toHaveLength(1);
});

test("delivers two drops with the same file name, each once", async () => {
  const mesh = Workspace.open(three);
  mesh.drop("alpha", "report.md", written("gamma", "Report of alpha"));
  mesh.drop("beta", "report.md", written("gamma", "Report of beta"));
  await mesh.run();
  mesh.drop("alpha", "report.md", written("gamma", "Report of alpha"));
  await mesh.run();
  expect(mesh.inbox("gamma")).toHaveLength(3);
});

test("leaves what is being written by name: hidden files, ~, .tmp, .swp, .part", async () => {
  const mesh = Workspace.open({ ...three, git: true });
  const names = [".memo.md", "memo.md~", "memo.md.tmp", ".memo.md.swp", "memo.md.part", "#memo.md#"];
  for (const name of names) mesh.drop("alpha", name, written("beta", "Unfinished"));
  const events = await mesh.run();
  expect(mesh.inbox("beta")).toEqual([]);
  expect(
    mesh
      .files("alpha", "outgoing", true)
      .map(({ name }) => name)
      .sort(),
  ).toEqual([...names].sort());
  expect(events.filter(({ kind }) => kind !== "started")).toEqual([]);
});
