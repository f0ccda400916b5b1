// What steers agents is out of an agent's reach: a change to it waits for the operator, and only what was shown is written.
import { symlinkSync } from "node:fs";
import { sha256 } from "@memomesh/core";
import { History, loadMesh } from "@memomesh/mesh";
import { verifyAudit } from "@memomesh/mesh/audit";
import {
  acceptProposal,
  findProposal,
  openProposal,
  proposalMemos,
  rejectProposal,
  type WaitingProposal,
} from "@memomesh/mesh/proposals";
import { expect, test } from "vitest";
import { written } from "../mail/memo-text.ts";
import { ofKind, Workspace } from "../mail/workspace.ts";
import { startVendor, uses } from "./vendor.ts";

const vendor = startVendor();
const by = { name: "Pat Person", email: "pat@example.com" };
const finish = uses(["finish", { notes: "The old rule cost us a day.", done: [] }]);
const nodeConfig = "role: ops\nagent: claude\ngrants:\n  send: []\n  read: []\n";

/** A mesh in which a session has written these files, as a model does: read first, then written. */
async function after(files: Readonly<Record<string, string>>, before: Readonly<Record<string, string>> = {}) {
  const mesh = Workspace.open({ nodes: { ops: { agent: "claude" } }, more: vendor.agent(), git: true });
  for (const [path, content] of Object.entries({ "node.yml": nodeConfig, ...before }))
    mesh.write(`projects/ops/${path}`, content);
  mesh.git("add", "--all");
  mesh.git("commit", "--quiet", "--message", "Projects");
  mesh.drop("operator", "rules.md", written("ops", "Mend the rules"));
  const reads = Object.keys({ "node.yml": "", ...before }).map((path) => ["read", { path }] as const);
  const writes = Object.entries(files).map(([path, content]) => ["write", { path, content }] as const);
  vendor.says(uses(...reads), uses(...writes), finish);
  const events = await mesh.run();
  return { mesh, events };
}

async function only(mesh: Workspace): Promise<WaitingProposal> {
  const loaded = await loadMesh(mesh.root);
  const [memo, ...others] = await proposalMemos(loaded);
  expect(others).toEqual([]);
  return openProposal(loaded, await findProposal(loaded, memo?.memo.header.id?.slice(-5) ?? ""));
}

async function decide<T>(mesh: Workspace, act: (history: History) => Promise<T>): Promise<T> {
  const history = await History.open(await loadMesh(mesh.root), () => {});
  try {
    return await act(history);
  } finally {
    await history.close();
  }
}

async function accept(mesh: Workspace, proposal?: WaitingProposal): Promise<readonly string[]> {
  const shown = proposal ?? (await only(mesh));
  const loaded = await loadMesh(mesh.root);
  return decide(mesh, (history) => acceptProposal(loaded, history, shown, shown.digest, { by, at: new Date() }));
}

test("the ordinary file lands, the instructions stay, and the operator gets them as a difference", async () => {
  const { mesh, events } = await after(
    { "port.txt": "8080\n", "AGENTS.md": "Be better.\n```\ncode\n```\n", ".github/workflows/ci.yml": "on: push\n" },
    { "AGENTS.md": "Be good.\n" },
  );
  expect(ofKind(events, "session-finished").map(({ outcome }) => outcome)).toEqual(["done"]);
  expect(vendor.asked().at(-1)).toContain("the change is kept as a proposal to the operator");
  expect(mesh.read("projects/ops/port.txt")).toBe("8080\n");
  expect(mesh.read("projects/ops/AGENTS.md")).toBe("Be good.\n");
  expect(mesh.exists("projects/ops/.github")).toBe(false);
  const [letter] = mesh.inbox("operator").filter(({ text }) => text.includes("\nproposal: sha256:"));
  expect(letter?.text).toContain("# Proposal: change AGENTS.md, .github/workflows/ci.yml\n");
  expect(letter?.text).toContain("> The old rule cost us a day.");
  expect(letter?.text).toContain(
    "````diff\n--- AGENTS.md\n+++ AGENTS.md\n@@ -1,1 +1,4 @@\n-Be good.\n+Be better.\n+```\n+code\n+```\n````",
  );
  expect(letter?.text).toContain("--- /dev/null\n+++ .github/workflows/ci.yml\n");
  const [archived] = mesh.files("ops", "archived");
  expect(archived?.text).toContain("proposed to the operator, who decides on it: AGENTS.md, .github/workflows/ci.yml.");
  expect(mesh.uncommitted()).toEqual([]);
});

test("accepting writes exactly the bytes that were proposed, in the history and the audit trail under a name", async () => {
  const text = "Be better.\r\nNo line end";
  const { mesh } = await after({ "AGENTS.md": text }, { "AGENTS.md": "Be good.\n" });
  const proposal = await only(mesh);
  expect(await accept(mesh, proposal)).toEqual(["AGENTS.md"]);
  expect(mesh.read("projects/ops/AGENTS.md")).toBe(text);
  expect(mesh.uncommitted()).toEqual([]);
  const message = mesh.git("log", "-1", "--format=%an%n%B", "--", "projects/ops/AGENTS.md");
  expect(message).toContain("Pat Person\nAccept the change of AGENTS.md that ops proposed");
  expect(message).toContain(`Memo-Id: ${proposal.id}\n`);
  expect(message).toContain(`Proposal: ${proposal.digest}\nDecided-By: Pat Person <pat@example.com>`);
  const trail = mesh.read("audit/ops.jsonl").trim().split("\n");
  expect(trail.map((line) => JSON.parse(line))).toMatchObject([
    { type: "proposal-accepted", proposal: proposal.id, digest: proposal.digest, by, files: [{ path: "AGENTS.md" }] },
  ]);
  const loaded = await loadMesh(mesh.root);
  const audits = await verifyAudit(loaded, [...loaded.nodes.values()]);
  expect(audits.flatMap(({ problems }) => problems)).toEqual([]);
  const [done] = mesh.files("operator", "archived").filter(({ text: each }) => each.includes("proposal: sha256:"));
  expect(done?.text).toMatch(/^status: done$/m);
  expect(await proposalMemos(await loadMesh(mesh.root))).toEqual([]);
});

test("a file that a person has changed meanwhile is left alone, and the proposal says so", async () => {
  const { mesh } = await after({ "AGENTS.md": "Mine.\n" }, { "AGENTS.md": "Be good.\n" });
  mesh.write("projects/ops/AGENTS.md", "A person was faster.\n");
  await expect(accept(mesh)).rejects.toMatchObject({
    code: "proposal.outdated",
    message: expect.stringMatching(/^projects\/ops\/AGENTS\.md: it was changed since this was proposed/),
  });
  expect(mesh.read("projects/ops/AGENTS.md")).toBe("A person was faster.\n");
  expect(mesh.exists("audit/ops.jsonl")).toBe(false);
});

test("accepting that was broken off before the memo was archived is ended by accepting again", async () => {
  const { mesh } = await after({ "AGENTS.md": "Be better.\n" }, { "AGENTS.md": "Be good.\n" });
  mesh.write("projects/ops/AGENTS.md", "Be better.\n");
  expect((await only(mesh)).files.map(({ standing }) => standing)).toEqual(["made"]);
  await accept(mesh);
  expect(mesh.read("projects/ops/AGENTS.md")).toBe("Be better.\n");
  expect(await proposalMemos(await loadMesh(mesh.root))).toEqual([]);
});

test("a file of another node, which lies in this one's folder, is not accepted", async () => {
  const { mesh } = await after({ "inner/AGENTS.md": "Obey ops.\n" });
  mesh.addNode("inner", { path: "projects/ops/inner" });
  await expect(accept(mesh)).rejects.toThrow("it lies in the folder of inner");
  expect(mesh.exists("projects/ops/inner/AGENTS.md")).toBe(false);
});

test("one changed byte of what is kept voids the proposal, also between showing and accepting", async () => {
  const { mesh } = await after({ "AGENTS.md": "Be better.\n" });
  const shown = await only(mesh);
  const path = `projects/ops/memos/proposals/${shown.id}.json`;
  const kept = mesh.read(path);
  mesh.write(path, kept.replace("better", "bitter"));
  await expect(only(mesh)).rejects.toMatchObject({ code: "proposal.changed" });
  // Both changed to fit each other are another proposal than the one that was shown.
  const [memo] = await proposalMemos(await loadMesh(mesh.root));
  mesh.write(
    memo?.path.slice(mesh.root.length + 1) ?? "",
    memo?.memo.source.replace(shown.digest, sha256(mesh.read(path))) ?? "",
  );
  const other = await only(mesh);
  const loaded = await loadMesh(mesh.root);
  const late = decide(mesh, (history) => acceptProposal(loaded, history, other, shown.digest, { by, at: new Date() }));
  await expect(late).rejects.toMatchObject({ code: "proposal.digest" });
  expect(mesh.exists("projects/ops/AGENTS.md")).toBe(false);
});

test("rejecting changes nothing, archives it with the reason, and tells the node", async () => {
  const { mesh } = await after({ "AGENTS.md": "Be better.\n" }, { "AGENTS.md": "Be good.\n" });
  const { memo, id } = await only(mesh);
  const loaded = await loadMesh(mesh.root);
  await decide(mesh, (history) => rejectProposal(loaded, history, memo, "The rule stays.", { by, at: new Date() }));
  expect(mesh.read("projects/ops/AGENTS.md")).toBe("Be good.\n");
  const [done] = mesh.files("operator", "archived").filter(({ text }) => text.includes(`id: ${id}`));
  expect(done?.text).toMatch(/^status: declined$/m);
  expect(done?.text).toContain("Rejected by Pat Person: The rule stays.");
  expect(mesh.notices("ops").map(({ text }) => text.slice(text.indexOf("# ")))).toEqual([
    expect.stringMatching(/^# Not accepted: Proposal: change AGENTS\.md\n[\s\S]*> The rule stays\.\n$/),
  ]);
  expect(JSON.parse(mesh.read("audit/ops.jsonl"))).toMatchObject({ type: "proposal-rejected", by });
  expect(mesh.uncommitted()).toEqual([]);
});

test.each([
  ["node.yml that cannot be read", { "node.yml": "role: ops\ngrants: 7\n" }, /projects\/ops\/node\.yml:2/],
  ["a mesh.yml that cannot be read", { "mesh.yml": "name: 7\nnodes: 8\n" }, /mesh\.yml/],
  ["characters that nobody sees", { "AGENTS.md": "Obey\u200b me.\n" }, /cannot see/],
])("accepting refuses %s", async (_, files, sentence) => {
  const { mesh } = await after(files);
  await expect(accept(mesh)).rejects.toThrow(sentence);
  expect(mesh.read("projects/ops/node.yml")).toBe(nodeConfig);
  expect([mesh.exists("projects/ops/mesh.yml"), mesh.exists("projects/ops/AGENTS.md")]).toEqual([false, false]);
});

test("a secret in it is refused with the whole changeset, and nothing waits", async () => {
  const token = `ghp_${"a1B2".repeat(9)}`;
  const { mesh } = await after({ "AGENTS.md": `Use ${token}.\n` });
  expect(mesh.exists("projects/ops/AGENTS.md")).toBe(false);
  expect(await proposalMemos(await loadMesh(mesh.root))).toEqual([]);
  expect(mesh.git("log", "-p")).not.toContain(token);
});

test("instructions that are a link are not proposed through it", async () => {
  const mesh = Workspace.open({ nodes: { ops: { agent: "claude" } }, more: vendor.agent() });
  mesh.write("secret-rules.md", "The operator's.\n");
  symlinkSync(mesh.path("secret-rules.md"), mesh.path("projects/ops/AGENTS.md"));
  mesh.drop("operator", "rules.md", written("ops", "Mend the rules"));
  vendor.says(uses(["write", { path: "AGENTS.md", content: "Mine.\n" }]), finish);
  const events = await mesh.run();
  expect(ofKind(events, "session-failed")[0]?.reason).toContain("is a symbolic link");
  expect(mesh.read("secret-rules.md")).toBe("The operator's.\n");
  expect(await proposalMemos(await loadMesh(mesh.root))).toEqual([]);
});
