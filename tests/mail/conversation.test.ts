import { newId, parseMemo, printMemo } from "@memomesh/core";
import { expect, test } from "vitest";
import { written } from "./memo-text.ts";
import { ofKind, Workspace } from "./workspace.ts";

/** What an agent does that answers whatever it receives, in the same thread. */
function answerAll(mesh: Workspace, node: string, answered: Set<string>, how: "re" | "thread"): void {
  for (const { text, path } of mesh.inbox(node)) {
    const { id = "", from = "", thread = id } = parseMemo(text, path).header;
    if (from === "mesh" || answered.has(id)) continue;
    answered.add(id);
    const draft = { id: newId(Date.now()), to: [from], subject: "And you?", body: "Once more.", digest: true };
    mesh.drop(node, `${draft.id}.md`, printMemo(how === "re" ? { ...draft, re: id } : { ...draft, thread }));
  }
}

test("stops two nodes that answer each other for ever", async () => {
  const mesh = Workspace.open({ nodes: { alpha: {}, beta: {} }, policy: { maxHops: 4 } });
  mesh.drop("alpha", "start.md", written("beta", "You?"));
  const answered = new Set<string>();
  const codes: string[] = [];
  for (let round = 0; round < 20 && codes.length === 0; round += 1) {
    codes.push(...ofKind(await mesh.run(), "rejected").map(({ code }) => code));
    for (const node of ["alpha", "beta"]) answerAll(mesh, node, answered, "re");
  }
  expect(codes).toEqual(["memo.hops"]);
  expect(mesh.inbox("alpha").length + mesh.inbox("beta").length).toBe(5);
  expect(mesh.notices("operator")).toHaveLength(1);
});

test("stops them also when they claim that nothing was passed on yet", async () => {
  const mesh = Workspace.open({ nodes: { alpha: {}, beta: {} }, policy: { maxHops: 1 } });
  mesh.drop("alpha", "start.md", written("beta", "You?"));
  await mesh.run();
  answerAll(mesh, "beta", new Set(), "re");
  await mesh.run();
  const [{ text = "", path = "" } = {}] = mesh.inbox("alpha");
  const re = parseMemo(text, path).header.id ?? "";
  mesh.drop("alpha", "again.md", written("beta", "Fresh, honestly", { re, hops: 0 }));
  const events = await mesh.run();
  expect(ofKind(events, "rejected").map(({ code }) => code)).toEqual(["memo.hops"]);
});

test("stops a thread that grows without end", async () => {
  const mesh = Workspace.open({ nodes: { alpha: {}, beta: {} }, policy: { maxThread: 5 } });
  mesh.drop("alpha", "start.md", written("beta", "You?"));
  const watched = await mesh.watch();
  const answered = new Set<string>();
  const poll = setInterval(() => {
    for (const node of ["alpha", "beta"]) answerAll(mesh, node, answered, "thread");
  }, 5);
  try {
    const { code } = await watched.told("rejected");
    expect(code).toBe("memo.thread-too-long");
  } finally {
    clearInterval(poll);
  }
  expect(watched.all("delivered")).toHaveLength(5);
});

test("comes to an end when two offline agents ask each other", async () => {
  const nodes = { alpha: { agent: "offline" }, beta: { agent: "offline" } };
  const mesh = Workspace.open({ nodes, git: true });
  mesh.drop("alpha", "q.md", written("beta", "What is the port?", { type: "question" }));
  mesh.drop("beta", "q.md", written("alpha", "What is the host?", { type: "question" }));
  const events = await mesh.run();
  expect(ofKind(events, "session-finished").length).toBeGreaterThan(0);
  expect(ofKind(events, "delivered").length).toBeLessThan(20);
  expect(mesh.uncommitted()).toEqual([]);
});
