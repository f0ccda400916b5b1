import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { beforeEach, describe, expect, test } from "vitest";
import { initMesh } from "../../src/init.ts";
import { loadMesh, type Mesh, requireNode } from "../../src/load.ts";
import { addNode } from "../../src/node.ts";
import { historyFor } from "../../src/why/of-node.ts";
import { why } from "../../src/why/why.ts";
import { put, temporaryFolder } from "../folder.ts";

const asked = "01JD8Q5T3ZK3N6V9Y2M4R7AAAA";
const other = "01JD8Q5T3ZK3N6V9Y2M4R7BBBB";
const digest = `sha256:${"ab".repeat(32)}`;
let root: string;
let mesh: Mesh;

beforeEach(async () => {
  root = await temporaryFolder();
  await initMesh(root, { name: "studio", git: true });
  await addNode(await loadMesh(root), "shop", { role: "developer", send: ["ops"] });
  await addNode(await loadMesh(root), "ops", { role: "sysadmin" });
  mesh = await loadMesh(root);
});

let minute = 0;

function commit(subject: string, trailers: Readonly<Record<string, string>> = {}): void {
  const at = new Date(Date.parse("2026-11-01T10:00:00Z") + 60_000 * minute++).toISOString();
  const who = ["AUTHOR", "COMMITTER"].flatMap((role) => [
    [`GIT_${role}_NAME`, "Ada"],
    [`GIT_${role}_EMAIL`, "ada@example.com"],
    [`GIT_${role}_DATE`, at],
  ]);
  const env = { ...process.env, ...Object.fromEntries(who) };
  const lines = Object.entries(trailers).map(([name, value]) => `${name}: ${value}`);
  execFileSync("git", ["-C", root, "add", "--all"], { env });
  const message = lines.length === 0 ? ["-m", subject] : ["-m", subject, "-m", lines.join("\n")];
  execFileSync("git", ["-C", root, "commit", "--quiet", "--allow-empty", ...message], { env });
}

const compose = "projects/ops/compose.yml";
const runbook = "projects/ops/runbooks/2026-11-01-deploy-shop-7aaaa.md";

/** A memo asks for shop, an agent prepares it, a second one agrees, Ada approves the second step, and it runs. */
async function deployed(): Promise<void> {
  const head = `id: ${asked}\nfrom: shop\nto: ops\ndate: 2026-11-01T09:00:00Z\ntype: deployment\ndelivered: 2026-11-01T09:00:01Z\nstatus: done\nrunbook: runbooks/2026-11-01-deploy-shop-7aaaa.md\n`;
  await put(
    root,
    "projects/ops/memos/archived/2026/11/2026-11-01-deploy-shop-7aaaa.md",
    `---\n${head}---\n# Deploy shop\n\nIt listens on port 8080.\n`,
  );
  await put(root, compose, "# shop\nservices:\n  db:\n    image: postgres:17\n  web:\n    image: shop:1\n");
  commit("Add the database");
  await put(
    root,
    compose,
    'services:\n  db:\n    image: postgres:17\n  web:\n    image: shop:1\n    ports: ["8080:80"]\n',
  );
  const steps = ["mkdir -p shop", "docker compose -f compose.yml up -d", "true"].map(
    (run, index) => `## Step ${index + 1}: Part ${index + 1}\nRisk: low.\n\n\`\`\`sh run\n${run}\n\`\`\`\n`,
  );
  const rb = `id: rb-${asked}\nmemo: ${asked}\nnode: ops\ntarget: staging\ncreated: 2026-11-01T10:00:00Z\ngate: 96\n`;
  await put(root, runbook, `---\n${rb}---\n# Deploy shop to staging\n\n${steps.join("\n")}`);
  commit('Prepare "Deploy shop"', {
    "Memo-Id": asked,
    Node: "ops",
    Agent: "claude",
    Model: "claude-test",
    Runbook: "runbooks/2026-11-01-deploy-shop-7aaaa.md",
  });
  const by = { name: "Ada", email: "ada@example.com" };
  const at = "2026-11-01T11:00:00Z";
  const events = [
    { at, type: "approved", step: 2, action: "run", digest, approval: "a1", by, how: "terminal" },
    {
      at,
      type: "started",
      step: 2,
      phase: "run",
      digest,
      by,
      approval: "a1",
      target: "staging",
      checked: false,
      executor: 1,
    },
    { at, type: "finished", step: 2, phase: "run", end: { kind: "exited", exit: 0 }, milliseconds: 5, output: "" },
  ];
  await put(
    root,
    runbook.replace(/\.md$/, ".record.jsonl"),
    events.map((each) => `${JSON.stringify(each)}\n`).join(""),
  );
  commit('Run step 2 of "Deploy shop to staging"', {
    "Memo-Id": asked,
    Node: "ops",
    Runbook: "runbooks/2026-11-01-deploy-shop-7aaaa.md",
    "Step-Digest": digest,
    "Approved-By": "Ada <ada@example.com>",
  });
}

const story = (reference: string) => why(mesh, reference, root);

describe("why", () => {
  beforeEach(deployed);

  test.each(["port 8080", "8080", `${compose}:6`, "ops:compose.yml:6"])(
    "tells of %s who asked, who prepared, who approved which bytes, and how it ended",
    async (reference) => {
      const told = await story(reference);
      expect(told.spots).toContainEqual({ file: compose, line: 6, text: 'ports: ["8080:80"]' });
      expect(told.memos).toMatchObject([{ id: asked, from: "shop", subject: "Deploy shop", type: "deployment" }]);
      expect(told.decisions).toMatchObject([
        { what: 'Prepare "Deploy shop"', agent: "claude", model: "claude-test", memo: asked },
      ]);
      const [only] = told.runbooks;
      expect(only).toMatchObject({ title: "Deploy shop to staging", gate: 96, file: runbook });
      expect(only?.steps[1]).toMatchObject({
        state: "done",
        approvals: [{ by: "Ada <ada@example.com>", digest, action: "run" }],
        events: [
          expect.stringContaining("approved"),
          expect.stringContaining("started at staging"),
          expect.stringContaining("exit 0"),
        ],
      });
      expect(only?.steps.map(({ concerned }) => concerned)).toEqual([false, true, false]);
    },
  );

  test.each([
    "why is port 8080 open?",
    "Who approved that 8080 is published?",
    `Why does ${compose}:6 say so?`,
    'why is there a service called "web" at all',
  ])("understands a question in words: %s", async (question) => {
    const { memos } = await story(question);
    expect(memos).toMatchObject([{ id: asked, says: "It listens on port 8080." }]);
  });

  test("tells of a lesson nothing that concerns the one below it, or the next category", async () => {
    const file = "docs/lessons/platform.md";
    const first = "# Lessons\n\n### Ports are taken\n**Fix:** look first\n";
    await put(root, file, first);
    commit("Learn of ports");
    await put(root, file, `${first}\n## Disks\n\n### Disks fill up\n**Fix:** rotate\n`);
    commit("Learn of disks");
    expect((await story("Ports are taken")).decisions.map(({ what }) => what)).toEqual(["Learn of ports"]);
  });

  test("does not take who asks about a port for who asked for it", async () => {
    const head = `id: 01KA00000000000000000QUEST\nfrom: operator\nto: ops\ntype: ask\nstatus: done\n`;
    const path = "projects/ops/memos/archived/2026/11/2026-11-02-why-quest.md";
    await put(root, path, `---\n${head}---\n# Why is port 8080 open?\n`);
    expect((await story("port 8080")).memos.map(({ id }) => id)).toEqual([asked]);
  });

  test("tells a node what its own files and archive know, and of other nodes nothing", async () => {
    await addNode(mesh, "shop", { role: "developer" });
    mesh = await loadMesh(root);
    const ofNode = (id: string) => historyFor(mesh, requireNode(mesh, id), "why is port 8080 open?");
    expect(await ofNode("ops")).toMatch(
      /`projects\/ops\/compose\.yml:6`[\s\S]*shop wrote to ops: `Deploy shop` \(memo \w{5}, done\)\. It says: `It listens on port 8080\.`[\s\S]*gate 96 of 100; step 2 done, approved by `Ada <ada@example\.com>`/,
    );
    expect(await ofNode("shop")).toBeUndefined();
  });

  test("tells of a line that a person wrote that no memo asked for it", async () => {
    const told = await story(`${compose}:3`);
    expect(told.decisions).toMatchObject([{ what: "Add the database", author: "Ada <ada@example.com>", memo: "" }]);
    expect(told.memos).toEqual([]);
  });

  test("says so when a line is in no commit", async () => {
    await put(root, compose, 'services:\n  web:\n    ports: ["9090:80"]\n');
    expect((await story(`${compose}:3`)).notes).toEqual([
      `${compose}:3 is in no commit: whoever wrote it has not said why yet.`,
    ]);
    expect((await story("9090")).spots).toMatchObject([{ file: compose, line: 3 }]);
  });

  test("answers from the archive when no file names the port any more", async () => {
    await put(root, compose, "services: {}\n");
    const told = await story("port 8080");
    expect(told.notes).toEqual(["No file of a node names port 8080 now; these memos of the archive do."]);
    expect(told.memos).toMatchObject([{ id: asked }]);
    expect(told.runbooks).toMatchObject([{ file: runbook }]);
    expect(told.decisions.map(({ what }) => what)).toContain('Prepare "Deploy shop"');
  });

  test("finds a service with its file and line, and says which when several have the name", async () => {
    expect(await story("web")).toMatchObject({
      kind: "service",
      spots: [{ file: compose, line: 4 }],
      memos: [{ id: asked }],
    });
    await put(
      root,
      "projects/shop/k8s.yaml",
      "kind: ConfigMap\n---\napiVersion: v1\nkind: Service\nmetadata:\n  name: web\n",
    );
    await put(
      root,
      "projects/shop/Caddyfile",
      "(common) {\n}\nshop.example.com, www.example.com:443 {\n  respond ok\n}\n",
    );
    await expect(story("web")).rejects.toThrow(
      /"web" is the name of 2 things: service projects\/shop\/k8s\.yaml:3, service projects\/ops\/compose\.yml:4/,
    );
    expect((await story("www.example.com")).spots).toMatchObject([{ file: "projects/shop/Caddyfile", line: 3 }]);
  });

  test("tells of a runbook all steps, and of a step that one", async () => {
    const whole = await story("7aaaa");
    expect(whole).toMatchObject({
      kind: "runbook",
      decisions: [{ agent: "claude" }, { digest, approvedBy: "Ada <ada@example.com>" }],
    });
    const step = await story("7aaaa#2");
    expect(step).toMatchObject({ kind: "step", about: `step 2 of ${runbook}` });
    expect(step.runbooks[0]?.steps.filter(({ concerned }) => concerned)).toMatchObject([{ number: 2 }]);
    const line = await story(`${runbook}:19`);
    expect(line.runbooks[0]?.steps.filter(({ concerned }) => concerned)).toMatchObject([{ number: 2 }]);
  });

  test("tells of a lesson where it comes from, and of a file which lessons apply", async () => {
    await put(
      root,
      "projects/ops/docs/ai-lessons.md",
      "# Lessons\n\n### Port taken\n**Symptom:** x **Fix:** y **Applies to:** `*.yml`\n",
    );
    commit("Learn", { "Memo-Id": asked, Node: "ops", Agent: "claude" });
    expect(await story("port taken")).toMatchObject({
      kind: "lesson",
      memos: [{ id: asked }],
      lessons: [{ title: "Port taken", line: 3 }],
    });
    expect((await story(compose)).lessons).toMatchObject([{ title: "Port taken", applies: "*.yml" }]);
  });

  test("tells of a stage how far it is, and whose memo it was", async () => {
    await put(
      root,
      "inventories/lab/stages.yml",
      "stages:\n  - id: 1-1-shop\n    name: Shop\n    priority: high\n    purpose: Sell things\n    tech_stack: [caddy]\n    requirements: { latency: low }\n    ai_context: { risk_level: low }\n",
    );
    await put(
      root,
      "inventories/lab/state/1-1-shop.md",
      `---\nstage: 1-1-shop\nstate: executed\nrunbook: ${runbook}\nmemos: [${asked}]\ngate: 91\n---\n`,
    );
    commit("Stage");
    const told = await story("1-1-shop");
    expect(told).toMatchObject({ kind: "stage", memos: [{ id: asked }], runbooks: [{ file: runbook }] });
    expect(told.notes[0]).toBe("It is executed, with 91 points at the gate. Its purpose: Sell things");
  });

  test("keeps apart what a joint commit says about several memos", async () => {
    await put(root, "projects/ops/notes.md", "x\n");
    const copy = "projects/ops/memos/incoming/2026-11-01-other-7bbbb.md";
    await put(root, copy, `---\nid: ${other}\nfrom: shop\nto: ops\ndelivered: 2026-11-01T09:00:01Z\n---\n# Other\n`);
    commit("Record 2 things that happened", {});
    execFileSync(
      "git",
      [
        "-C",
        root,
        "commit",
        "--amend",
        "--quiet",
        "-m",
        "Record 2 things",
        "-m",
        `Memo-Id: ${asked}\nNode: ops\nMemo-Id: ${other}\nNode: ops`,
      ],
      {
        env: { ...process.env, GIT_COMMITTER_NAME: "Ada", GIT_COMMITTER_EMAIL: "a@b" },
      },
    );
    expect((await story(copy)).decisions).toMatchObject([{ memo: other }]);
    expect((await story("projects/ops/notes.md")).decisions).toMatchObject([{ memo: "" }]);
  });

  test.each(["nothing-like-this", "../../etc/passwd", "--output=x", ":(glob)*", "7zzzz", "99999"])(
    "knows nothing of %s",
    async (reference) => {
      await expect(story(reference)).rejects.toMatchObject({ code: "why.unknown", exit: 2 });
    },
  );

  test("says how many lines a file has", async () => {
    await expect(story(`${compose}:99`)).rejects.toThrow("has 7 lines; there is no line 99");
  });

  test("works without git", async () => {
    const plain = await temporaryFolder();
    await initMesh(plain, { name: "plain" });
    await put(plain, "compose.yml", "services:\n  web:\n    image: x\n");
    expect(await why(await loadMesh(plain), "web", join(plain))).toMatchObject({
      decisions: [],
      notes: [expect.stringContaining("no commit")],
    });
  });
});
