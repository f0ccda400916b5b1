import { execFileSync } from "node:child_process";
import { appendFile, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { readTrail, trailAddition } from "@memomesh/core";
import { approveStep, runStep, stopRunbook, undoStep } from "@memomesh/runbooks";
import { extendTrail } from "@memomesh/runbooks/trail";
import { beforeEach, describe, expect, test } from "vitest";
import { type NodeAudit, verifyAudit } from "../../src/audit/index.ts";
import { History } from "../../src/history.ts";
import { answerHook } from "../../src/hooks/index.ts";
import { initMesh } from "../../src/init.ts";
import { loadMesh } from "../../src/load.ts";
import { addNode } from "../../src/node.ts";
import { RunbookReview } from "../../src/runbook-review.ts";
import { put, temporaryFolder } from "../folder.ts";

const ada = { name: "Ada", email: "ada@example.com" };
const runbook = "projects/ops/runbooks/trial.md";
const record = "projects/ops/runbooks/trial.record.jsonl";
const trail = "audit/ops.jsonl";
let root: string;

beforeEach(async () => {
  root = await temporaryFolder();
  await initMesh(root, { name: "studio", git: true });
  await addNode(await loadMesh(root), "ops", { role: "sysadmin" });
  await appendFile(join(root, "mesh.yml"), "gate: { threshold: 0 }\n");
  const header = "id: rb-01JD8Q5T3ZK3N6V9Y2M4R7W1XB\nnode: ops\ntarget: staging\ncreated: 2026-11-21T10:00:00Z";
  const step =
    "## Step 1: Do it\nRisk: low.\n\n```sh run\ntouch done\n```\n```sh check\ntest -e done\n```\n```sh undo\nrm done\n```\n";
  await put(root, runbook, `---\n${header}\n---\n# Trial\n\n${step}`);
});

/** A person goes through the runbook: runs its step, and undoes it. */
async function reviewed(...actions: ("run" | "undo" | "stop")[]): Promise<void> {
  const mesh = await loadMesh(root);
  const history = await History.open(mesh, () => undefined);
  const file = { node: mesh.nodes.get("ops")!, path: join(root, runbook) };
  const review = await RunbookReview.open(mesh, file, history, { by: ada, environment: process.env });
  for (const action of actions) {
    await history.flush();
    if (action === "stop") {
      await stopRunbook(review.current);
      continue;
    }
    await approveStep(review.current.reviewed, 1, { by: ada, how: "terminal", action });
    await (action === "run" ? runStep : undoStep)(review.current, 1);
    review.recordStep(1, action === "run" ? "Run" : "Undo");
    await review.refresh();
  }
  await review.close();
  await history.close();
}

async function audit(): Promise<NodeAudit> {
  const mesh = await loadMesh(root);
  const [found] = await verifyAudit(mesh, [mesh.nodes.get("ops")!]);
  return found!;
}

async function edit(path: string, change: (lines: string[]) => string[]): Promise<void> {
  const lines = (await readFile(join(root, path), "utf8")).trimEnd().split("\n");
  await writeFile(join(root, path), `${change(lines).join("\n")}\n`);
}

const sentences = ({ problems }: NodeAudit) => problems.map(({ sentence }) => sentence).join("\n");

describe("the audit of a node", () => {
  test("proves who approved which bytes, when, and that they ran", async () => {
    await reviewed("run", "undo", "stop");
    const found = await audit();
    expect(found).toMatchObject({ node: "ops", file: trail, anchors: 3, problems: [], notes: [] });
    const common = { runbook, step: 1, target: "staging", problems: [], approvals: [{ by: ada, how: "terminal" }] };
    expect(found.steps).toMatchObject([
      { ...common, action: "run", end: "exit 0" },
      { ...common, action: "undo", end: "exit 0" },
    ]);
    const message = execFileSync("git", ["-C", root, "log", "-1", "--format=%B"], { encoding: "utf8" });
    expect(message).toMatch(/^Audit: ops \d+ sha256:[0-9a-f]{64}$/m);
  });

  test("proves what ran also when the file was edited between display and run, and by nothing but its bytes", async () => {
    const mesh = await loadMesh(root);
    const history = await History.open(mesh, () => undefined);
    const file = { node: mesh.nodes.get("ops")!, path: join(root, runbook) };
    const review = await RunbookReview.open(mesh, file, history, { by: ada, environment: process.env });
    await edit(runbook, (lines) => lines.map((line) => line.replace("touch done", "touch other")));
    await approveStep(review.current.reviewed, 1, { by: ada, how: "terminal" });
    await runStep(review.current, 1);
    review.recordStep(1, "Run");
    await review.close();
    await history.close();
    expect(await audit()).toMatchObject({ problems: [], steps: [{ end: "exit 0", problems: [] }] });
    expect(await readFile(join(root, "projects/ops/runbooks/trial.record.md"), "utf8")).toContain(
      "kept in the journal",
    );
    await edit(record, (lines) => lines.map((line) => line.replace("touch done", "touch else")));
    const found = await audit();
    expect(sentences(found)).toMatch(/knows nothing of this "kept"/);
    expect(found.steps[0]?.problems).toEqual([expect.stringContaining("no commit and no record has the runbook")]);
  });

  test("has nothing to say where nothing happened", async () => {
    expect(await audit()).toMatchObject({ head: { n: 0 }, steps: [], problems: [], notes: [] });
  });

  test("calls what ran before there was a trail unproven", async () => {
    const line = { at: "2026-11-01T10:00:00Z", type: "stopped", by: ada };
    await put(root, record, `${JSON.stringify(line)}\n`);
    expect(await audit()).toMatchObject({ problems: [], notes: [{ sentence: expect.stringContaining("not proven") }] });
  });
});

/** What somebody does to the files of a node at which a step ran, and what is said then. */
const tampering: Readonly<Record<string, readonly [tamper: () => Promise<void>, says: RegExp]>> = {
  "an entry changed": [
    () => edit(trail, (lines) => lines.map((line) => line.replace("ada@example.com", "eve@example.com"))),
    /does not follow/,
  ],
  "the end cut off": [
    () => edit(trail, (lines) => lines.slice(0, -2)),
    /ends with entry 4, and commit [0-9a-f]{12} says that it had 6: entries were cut/,
  ],
  "the whole trail gone": [() => rm(join(root, trail)), /entries were cut/],
  "a trail written anew, with a chain that fits": [
    async () => {
      const { lines } = readTrail(await readFile(join(root, trail), "utf8"), "ops");
      let text = "";
      for (const { entry } of lines) {
        const { n: _, prev: __, at, ...facts } = entry;
        const by = facts.by === undefined ? {} : { by: { name: "Eve", email: "eve@example.com" } };
        text += trailAddition(readTrail(text, "ops"), at, [{ ...facts, ...by }]);
      }
      await writeFile(join(root, trail), text);
    },
    /written anew[\s\S]*only ever added to/,
  ],
  "an event put into the record": [
    () =>
      edit(record, (lines) => [...lines, JSON.stringify({ at: new Date().toISOString(), type: "stopped", by: ada })]),
    /knows nothing of this "stopped"/,
  ],
  "an event of the record changed": [
    () => edit(record, (lines) => lines.map((line) => line.replace('"exit":0', '"exit":1'))),
    /knows nothing of this "finished"/,
  ],
  "an event taken out of the record": [
    () => edit(record, (lines) => lines.filter((line) => !line.includes('"approved"'))),
    /the "approved" of step 1 .* changed or taken out/,
  ],
};

test("tampering is found", async () => {
  await reviewed("run");
  const kept = await Promise.all(
    [trail, record].map(async (path) => [path, await readFile(join(root, path))] as const),
  );
  for (const [what, [tamper, says]] of Object.entries(tampering)) {
    await tamper();
    expect(sentences(await audit()), what).toMatch(says);
    for (const [path, content] of kept) await writeFile(join(root, path), content);
  }
  expect(await audit()).toMatchObject({ problems: [] });
  // As a process leaves it that is killed between the trail and the journal.
  await edit(record, (lines) => lines.slice(0, -1));
  const notes = [{ sentence: expect.stringContaining("ended before it could write it") }];
  expect(await audit()).toMatchObject({ problems: [], notes });
});

test("a cut end that was committed as well is found, and half a line that a killed writer left is not taken for one", async () => {
  await reviewed("run");
  const commit = () =>
    execFileSync("git", ["-C", root, "-c", "user.name=Eve", "-c", "user.email=e@x", "commit", "-qam", "Tidy up"]);
  const at = new Date().toISOString();
  await appendFile(join(root, trail), '{"n":7,"at":"20');
  commit();
  extendTrail(root, "ops", at, () => [{ type: "denied" }]);
  commit();
  expect(await audit()).toMatchObject({ problems: [], notes: [{ sentence: expect.stringContaining("half a line") }] });
  await edit(trail, (lines) => lines.slice(0, -1));
  commit();
  expect(sentences(await audit())).toMatch(/commit [0-9a-f]{12} took something out of it/);
});

test("an execution that no approval covers is not proven", async () => {
  await reviewed("run");
  const { lines } = readTrail(await readFile(join(root, trail), "utf8"), "ops");
  const entryOf = (type: string) => lines.find(({ entry }) => entry.type === type)!.entry;
  const [approved, started] = [entryOf("approved"), entryOf("started")];
  const digest = `sha256:${"0".repeat(64)}`;
  extendTrail(root, "ops", new Date().toISOString(), () => [
    started,
    { ...started, approval: "forged" },
    { ...started, digest },
    { ...approved, approval: "other", digest },
    { ...started, approval: "other", digest },
    { ...approved, approval: "unseen", source: digest },
    { ...started, approval: "unseen" },
    { ...approved, approval: "back" },
    { type: "withdrawn", approvals: ["back"] },
    { ...started, approval: "back", people: 2 },
  ]);
  const { steps } = await audit();
  expect(steps.map(({ problems }) => problems.join(" "))).toEqual([
    "",
    expect.stringContaining("had been used before"),
    expect.stringContaining("approval forged is not in the trail before it. 0 people approved it"),
    expect.stringContaining(`and ${digest} was executed`),
    expect.stringContaining(`approval other is for ${digest}, and step 1 of the runbook was ${approved.digest}`),
    expect.stringContaining("no commit and no record has the runbook as it was for approval unseen"),
    expect.stringMatching(/approval back had been withdrawn. 1 people approved it, and it takes 2/),
  ]);
});

test("denials of the hook are in the trail at once, and never twice", async () => {
  const cwd = join(root, "projects/ops");
  const call = { session_id: "s", cwd, hook_event_name: "PreToolUse", tool_name: "Bash" };
  for (const command of ["ls", "ssh web", "kubectl get pods"])
    await answerHook(JSON.stringify({ ...call, tool_input: { command } }), "claude", { node: "ops" });
  await reviewed("run");
  const text = await readFile(join(root, trail), "utf8");
  const denied = text.split("\n").filter((line) => line.includes('"type":"denied"'));
  expect(denied.map((line) => JSON.parse(line).subject)).toEqual(["ssh web", "kubectl get pods"]);
  expect(await audit()).toMatchObject({ problems: [], entries: { denied: 2 } });
});
