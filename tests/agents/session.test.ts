// Sessions of a vendor's model in a mesh: what becomes of files, money and people's patience.
import { readdirSync } from "node:fs";
import { expect, test } from "vitest";
import { written } from "../mail/memo-text.ts";
import { ofKind, Workspace, type WorkspaceWish } from "../mail/workspace.ts";
import { startVendor, uses } from "./vendor.ts";

const vendor = startVendor();

function open(more = "", wish: Partial<WorkspaceWish> = {}): Workspace {
  return Workspace.open({
    nodes: { ops: { agent: "claude" } },
    targets: ["staging"],
    more: vendor.agent() + more,
    ...wish,
  });
}

const finish = uses(["finish", { handover: "Nothing is open.", notes: "The port is written down.", done: [0] }]);
const wanted = "# Note the port\n\n## Action items\n- [ ] Write it down\n";

test("applies what the model did, says what it cost, and commits the account with it", async () => {
  const mesh = open("", { git: true });
  mesh.drop("operator", "note.md", `---\nto: ops\n---\n${wanted}`);
  const lesson = { title: "Ports are not in the memo", symptom: "No port.", cause: "Habit.", fix: "Ask for it." };
  vendor.says(
    uses(["write", { path: "port.txt", content: "8080\n" }], ["record_lesson", lesson]),
    uses(["update_state", { progress: ["noted the port"], handover: "None." }]),
    finish,
  );
  const events = await mesh.run();
  expect(ofKind(events, "session-finished").map(({ outcome }) => outcome)).toEqual(["done"]);
  expect(mesh.read("projects/ops/port.txt")).toBe("8080\n");
  expect(mesh.read("projects/ops/docs/ai-lessons.md")).toContain(
    "### Ports are not in the memo\n**Symptom:** No port.",
  );
  const [archived] = mesh.files("ops", "archived");
  expect(archived?.text).toContain("- [x] Write it down");
  expect(archived?.text).toMatch(/\*\*By:\*\* ops \(agent claude, model claude-test\)/);
  expect(archived?.text).toMatch(/\*\*Used:\*\* 3 turns, 3,000 tokens in, 300 out, \$0\.06\d*, \d+ s/);
  expect(mesh.git("log", "-1", "--format=%(trailers:key=Usage,valueonly)", "--", "projects/ops")).toMatch(/^3 turns, /);
  const [book] = readdirSync(mesh.path("memos/spending"));
  const lines = mesh.read(`memos/spending/${book}`).trimEnd().split("\n");
  expect(lines.map((line) => JSON.parse(line)).map(({ node, agent, cost }) => [node, agent, cost.toFixed(2)])).toEqual(
    Array.from({ length: 3 }, () => ["ops", "claude", "0.02"]),
  );
  expect(mesh.uncommitted()).toEqual([]);
});

test("tells of an agent that leaves no handover notes, and says in STATE.md what it changed", async () => {
  const mesh = open();
  mesh.drop("operator", "note.md", `---\nto: ops\n---\n${wanted}`);
  vendor.says(
    uses(["write", { path: "port.txt", content: "8080\n" }]),
    uses(["finish", { notes: "The port is written down.", done: [0] }]),
    uses(["finish", { notes: "It really is.", done: [0] }]),
  );
  const warnings = ofKind(await mesh.run(), "warning").filter(({ code }) => code.startsWith("session."));
  expect(warnings).toMatchObject([{ code: "session.handover", text: expect.stringContaining("Note the port") }]);
  expect(mesh.read("projects/ops/STATE.md")).toMatch(
    /## Handover notes\n+- memo \w{5}: left by memomesh, since the agent left no handover notes; it changed port\.txt; its last words: It really is\./,
  );
  expect(mesh.files("ops", "archived")[0]?.text).toContain("the agent left no handover notes");
});

test("stops at a month's budget, tells the operator once, and goes on when there is money", async () => {
  const mesh = open("budgets: { node: 0.1 }\n");
  for (const name of ["one", "two", "three", "four", "five", "six"])
    mesh.drop("operator", `${name}.md`, written("ops", name));
  vendor.says(uses(["finish", { handover: "Nothing is open.", notes: "Seen.", done: [] }]));
  const events = await mesh.run();
  const done = ofKind(events, "session-finished").length;
  expect(done).toBeGreaterThan(0);
  expect(ofKind(events, "session-failed")).toEqual([]);
  expect(ofKind(events, "session-held")).toHaveLength(6 - done);
  expect(mesh.inbox("ops").map(({ text }) => text.includes("status:"))).toEqual(Array(6 - done).fill(false));
  const asked = vendor.asked().length;
  await mesh.run();
  expect(vendor.asked()).toHaveLength(asked);
  const [notice, ...more] = mesh.notices("operator");
  expect(more).toEqual([]);
  expect(notice?.text).toMatch(
    /of the month's budget of ops \(budgets\.node of mesh\.yml\), \$0\.\d+ of \$0\.10 are spent/,
  );
  mesh.write("mesh.yml", mesh.read("mesh.yml").replace("node: 0.1", "node: 5"));
  expect(ofKind(await mesh.run(), "session-finished")).toHaveLength(6 - done);
});

test("goes on from where a killed session stopped", async () => {
  const mesh = open("budgets: { session: { turns: 1 } }\n");
  mesh.drop("operator", "note.md", `---\nto: ops\n---\n${wanted}`);
  vendor.says(uses(["write", { path: "port.txt", content: "8080\n" }]), finish);
  const [failed] = ofKind(await mesh.run(), "session-failed");
  expect(failed?.reason).toMatch(/turn/);
  expect(mesh.exists("projects/ops/port.txt")).toBe(false);
  const [waiting] = mesh.inbox("ops");
  mesh.write(`projects/ops/memos/incoming/${waiting?.name}`, (waiting?.text ?? "").replace("status: failed\n", ""));
  const before = vendor.asked().length;
  expect(ofKind(await mesh.run(), "session-finished")).toHaveLength(1);
  expect(vendor.asked().length - before).toBe(1);
  expect(mesh.read("projects/ops/port.txt")).toBe("8080\n");
});

test("shows nothing sensitive to a model that is not local", async () => {
  const mesh = open();
  mesh.drop("operator", "note.md", written("ops", "Salaries", { sensitive: "true" }));
  const [failed] = ofKind(await mesh.run(), "session-failed");
  expect(failed?.reason).toMatch(/sensitive.*not marked `local: true`/);
  expect(vendor.asked()).toEqual([]);
});
