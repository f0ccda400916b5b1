// A second opinion that a person asks for, and one that is taken up after the coordinator was killed.
import { execFileSync } from "node:child_process";
import { cpSync, readdirSync, rmSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { LLMock } from "@copilotkit/aimock";
import { parseOpinion } from "@memomesh/core/markdown";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import type { MeshEvent } from "../src/events.ts";
import { History } from "../src/history.ts";
import { readInbox } from "../src/inbox.ts";
import { initMesh } from "../src/init.ts";
import { keptDraft } from "../src/kept-draft.ts";
import { loadMesh, requireNode } from "../src/load.ts";
import { addNode } from "../src/node.ts";
import { opinionAgain } from "../src/opinion-again.ts";
import { runMesh } from "../src/run.ts";
import { readRunbooks } from "../src/runbook-files.ts";
import { put, temporaryFolder } from "./folder.ts";

const mock = new LLMock({ port: 0, host: "127.0.0.1", logLevel: "silent" });
beforeAll(() => mock.start());
afterAll(() => mock.stop());
beforeEach(() => {
  for (const role of ["AUTHOR", "COMMITTER"]) {
    vi.stubEnv(`GIT_${role}_NAME`, "Ada");
    vi.stubEnv(`GIT_${role}_EMAIL`, "ada@example.com");
  }
  vi.stubEnv("SECOND_KEY", "test-key-1");
});
afterEach(() => {
  vi.unstubAllEnvs();
  mock.reset();
});

const model = (name: string) =>
  `  ${name}: { provider: openai, model: gpt-test, keyEnv: SECOND_KEY, baseUrl: "${mock.url}/v1", prices: { input: 1, output: 10 } }\n`;

/** A mesh whose sysadmin, the offline agent, has a memo about a site in production. */
async function mesh(agents: string, header = ""): Promise<string> {
  const root = await temporaryFolder();
  await initMesh(root, { name: "studio", git: true });
  await addNode(await loadMesh(root), "developer", { role: "developer", send: ["sysadmin"] });
  await addNode(await loadMesh(root), "sysadmin", { role: "sysadmin", send: ["developer"], read: ["developer/**"] });
  const source = await readFile(join(root, "mesh.yml"), "utf8");
  const offline = "agents:\n  offline: { provider: offline, local: true }\n";
  await put(root, "mesh.yml", source.replace(/^agents:\n.*\n/m, `${offline}${agents}`));
  await put(root, "projects/developer/dist/index.html", "<p>shop</p>\n");
  const facts = "app: shop\nversion: 1.0.0\ntarget: production\nartifact: { kind: static, path: dist }";
  const memo = `---\nto: sysadmin\ntype: deployment\n${header}---\n# Deploy shop\n\n\`\`\`yaml deploy\n${facts}\n\`\`\`\n`;
  await put(root, "projects/developer/memos/outgoing/deploy.md", memo);
  return root;
}

async function run(root: string): Promise<MeshEvent[]> {
  const events: MeshEvent[] = [];
  await runMesh({ start: root, onEvent: (event) => events.push(event) }, new AbortController().signal);
  return events;
}

/** The second agent calls every step low and disagrees. `first` is done while the first call is under way. */
function reports(first: () => void = () => {}): void {
  let calls = 0;
  mock.on({ predicate: () => true }, ({ messages }) => {
    calls += 1;
    if (calls === 1) first();
    const count = Number(/has (\d+) steps/.exec(JSON.stringify(messages))?.[1]);
    const risks = Array.from({ length: count }, (_, index) => ({ step: index + 1, risk: "low" }));
    const report = { risks, findings: [], verdict: "disagree", reasons: "Look again." };
    return { toolCalls: [{ name: "report", arguments: JSON.stringify(report) }] };
  });
}

async function runbookIn(root: string) {
  const loaded = await loadMesh(root);
  const [entry] = await readRunbooks(loaded, [...loaded.nodes.values()]);
  if (entry?.reviewed === undefined) throw entry?.problem ?? new Error("there is no runbook");
  return { node: entry.node, path: entry.path, source: entry.reviewed.runbook.source };
}

async function again(root: string, agent?: string) {
  const loaded = await loadMesh(root);
  const history = await History.open(loaded, () => {});
  const wish = { signal: new AbortController().signal, progress: () => {}, ...(agent !== undefined && { agent }) };
  try {
    return await opinionAgain(loaded, history, await runbookIn(root), wish);
  } finally {
    await history.close();
  }
}

async function kept(root: string) {
  const file = (await runbookIn(root)).path.replace(/\.md$/, ".review.md");
  return parseOpinion(await readFile(file, "utf8"), file);
}

describe("a second opinion that a person asks for", () => {
  test("takes the place of the earlier one when it can be had, is paid for and committed", async () => {
    reports();
    const root = await mesh(`${model("gpt")}secondOpinion: { from: never }\n`);
    await run(root);
    await again(root, "offline");
    expect((await kept(root)).agent).toBe("offline");
    vi.stubEnv("SECOND_KEY", "");
    await expect(again(root, "gpt")).rejects.toThrow("SECOND_KEY");
    await expect(again(root, "gtp")).rejects.toThrow('mesh.yml has no agent "gtp"; expected offline, gpt');
    expect((await kept(root)).agent).toBe("offline");
    vi.stubEnv("SECOND_KEY", "test-key-1");
    await put(root, "projects/sysadmin/AGENTS.md", "# Own\n");
    const { opinion } = await again(root, "gpt");
    expect(opinion).toMatchObject({ agent: "gpt", verdict: "disagree" });
    expect(await kept(root)).toMatchObject({ agent: "gpt", verdict: "disagree", reasons: "Look again." });
    const git = (...args: string[]) => execFileSync("git", args, { cwd: root, encoding: "utf8" });
    const last = git("show", "--name-only", "--format=%B", "HEAD");
    expect(last).toMatch(/^Get a second opinion on "Deploy shop[\s\S]*Agent: gpt\n/);
    expect(last).toMatch(/memos\/spending\/[\d-]+\.jsonl\n[\s\S]*\.review\.md\n/);
    expect(last).not.toContain("AGENTS.md");
    // The model was shown the memo that asks for it.
    expect(JSON.stringify(mock.getRequests()[0]?.body)).toContain("The memo that asks for it");
    const yml = await readFile(join(root, "mesh.yml"), "utf8");
    await put(root, "mesh.yml", `${yml}budgets: { node: 0 }\n`);
    await expect(again(root, "gpt")).rejects.toMatchObject({ code: "budget.spent", exit: 75 });
  });

  test("goes to another vendor than the author's when nobody is named, and to nobody outside when it is sensitive", async () => {
    reports();
    const open = await mesh(`${model("gpt")}secondOpinion: { from: never }\n`);
    await run(open);
    expect((await again(open)).opinion.agent).toBe("gpt");
    mock.clearRequests();
    const root = await mesh(`${model("gpt")}secondOpinion: { from: never }\n`, "sensitive: true\n");
    await run(root);
    expect((await again(root)).opinion.agent).toBe("offline");
    await expect(again(root, "gpt")).rejects.toMatchObject({ code: "mesh.agent.not-local", exit: 77 });
    expect(mock.getRequests()).toEqual([]);
  });
});

describe("a coordinator that is killed while a second agent reads", () => {
  test("asks again for the opinion alone, unless the memo or the agent are others now", async () => {
    const copy = await temporaryFolder();
    let root = "";
    // What lies on the disk now is what a kill would leave.
    reports(() => cpSync(root, copy, { recursive: true }));
    root = await mesh(model("gpt"));
    await run(root);
    const drafts = readdirSync(join(copy, ".memomesh/drafts"));
    expect(readdirSync(join(root, ".memomesh/drafts"))).toEqual([]);
    const draft = JSON.parse(await readFile(join(copy, ".memomesh/drafts", drafts[0] ?? ""), "utf8"));
    for (const name of readdirSync(join(copy, ".memomesh")).filter((each) => each.includes("lock"))) {
      rmSync(join(copy, ".memomesh", name), { recursive: true });
    }
    const loaded = await loadMesh(copy);
    const node = requireNode(loaded, "sysadmin");
    const [memo] = await readInbox(node);
    if (memo === undefined) throw new Error("there is no memo");
    const work = { node, memo, answers: [], refusals: [] };
    const changed = { ...memo, memo: { ...memo.memo, source: `${memo.memo.source}\nMore.\n` } };
    expect(await keptDraft(loaded, work, "offline")).toBeDefined();
    expect(await keptDraft(loaded, work, "gpt")).toBeUndefined();
    expect(await keptDraft(loaded, { ...work, memo: changed }, "offline")).toBeUndefined();
    const events = await run(copy);
    expect(events).toContainEqual(
      expect.objectContaining({ kind: "session-progress", text: "goes on with what an earlier session has prepared" }),
    );
    expect((await runbookIn(copy)).source).toBe(draft.changeset.outcome.runbook.source);
    expect((await kept(copy)).verdict).toBe("disagree");
    expect(readdirSync(join(copy, ".memomesh/drafts"))).toEqual([]);
  });
});
