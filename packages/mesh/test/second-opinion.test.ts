// From a memo for production to an opinion that lies beside the runbook, in git.
import { execFileSync } from "node:child_process";
import { readdirSync } from "node:fs";
import { chmod, readFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { LLMock } from "@copilotkit/aimock";
import { parseOpinion } from "@memomesh/core/markdown";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { initMesh } from "../src/init.ts";
import { loadMesh } from "../src/load.ts";
import { addNode } from "../src/node.ts";
import { runMesh } from "../src/run.ts";
import { findRunbook, readRunbooks, runbookPaths } from "../src/runbook-files.ts";
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

/** A mesh whose sysadmin gets a memo about a static site. */
async function mesh({ config = "", target = "production", node = "", more = "", git = false } = {}): Promise<string> {
  const root = await temporaryFolder();
  await initMesh(root, { name: "studio", git });
  await addNode(await loadMesh(root), "developer", { role: "developer", send: ["sysadmin"] });
  await addNode(await loadMesh(root), "sysadmin", { role: "sysadmin", send: ["developer"], read: ["developer/**"] });
  const source = await readFile(join(root, "mesh.yml"), "utf8");
  await put(
    root,
    "mesh.yml",
    source.replace(/^agents:\n.*\n/m, `agents:\n  offline: { provider: offline, local: true }\n${config}`),
  );
  const yml = await readFile(join(root, "projects/sysadmin/node.yml"), "utf8");
  await put(root, "projects/sysadmin/node.yml", `${yml}${node}`);
  await put(root, "projects/developer/dist/index.html", "<p>shop</p>\n");
  const facts = `app: shop\nversion: 1.0.0\ntarget: ${target}\nartifact: { kind: static, path: dist }`;
  const memo = `---\nto: sysadmin\ntype: deployment\n${more}---\n# Deploy shop\n\n\`\`\`yaml deploy\n${facts}\n\`\`\`\n`;
  await put(root, "projects/developer/memos/outgoing/deploy.md", memo);
  await runMesh({ start: root, onEvent: () => {} }, new AbortController().signal);
  return root;
}

const gpt = (more = "") =>
  `  gpt: { provider: openai, model: gpt-test, keyEnv: SECOND_KEY, baseUrl: "${mock.url}/v1"${more} }\n`;

async function reviewedIn(root: string) {
  const loaded = await loadMesh(root);
  const [entry] = await readRunbooks(loaded, [...loaded.nodes.values()]);
  if (entry?.reviewed === undefined) throw entry?.problem ?? new Error("there is no runbook");
  return entry.reviewed;
}

async function opinionIn(root: string) {
  const { path } = await reviewedIn(root);
  const file = path.replace(/\.md$/, ".review.md");
  return parseOpinion(await readFile(file, "utf8"), file);
}

/** A second agent that finds the first step critical, unless it is told to report something else. */
function reports(more: { readonly risk?: string; readonly verdict?: string; readonly findings?: object[] } = {}): void {
  const { risk = "critical", ...told } = more;
  mock.on({ predicate: () => true }, ({ messages }) => {
    const count = Number(/has (\d+) steps/.exec(JSON.stringify(messages))?.[1]);
    const risks = Array.from({ length: count }, (_, index) => ({ step: index + 1, risk: index === 0 ? risk : "low" }));
    const report = { risks, findings: [], verdict: "disagree", reasons: "Look again.", ...told };
    return { toolCalls: [{ name: "report", arguments: JSON.stringify(report) }] };
  });
}

describe("a runbook for production", () => {
  test("has been looked at before a person sees it, with no key and no network", async () => {
    const root = await mesh({ git: true });
    const { opinion, path } = await reviewedIn(root);
    expect(opinion).toMatchObject({ state: "current", opinion: { agent: "offline", verdict: "agree" } });
    const files = execFileSync("git", ["log", "--format=%s", "--name-only", "--grep=^Prepare"], {
      cwd: root,
      encoding: "utf8",
    });
    expect(files).toContain(`projects/sysadmin/runbooks/${basename(path)}\n`);
    expect(files).toContain(`projects/sysadmin/runbooks/${basename(path, ".md")}.review.md\n`);
    expect(execFileSync("git", ["status", "--porcelain"], { cwd: root, encoding: "utf8" })).not.toContain("review");
  });

  test("is looked at by a model of another vendor, whose calls are paid for and written down", async () => {
    reports({ findings: [{ step: 2, severity: "blocker", text: "Nothing is kept." }] });
    const root = await mesh({ config: gpt(", prices: { input: 1, output: 10 }"), git: true });
    expect(await opinionIn(root)).toMatchObject({
      ...{ agent: "gpt", verdict: "disagree", reasons: "Look again." },
      findings: [{ step: 2, severity: "blocker", text: "Nothing is kept." }],
    });
    expect((await reviewedIn(root)).steps[0]?.risk).toMatchObject({
      author: "low",
      second: "critical",
      run: "critical",
    });
    const show = (...args: string[]) => execFileSync("git", args, { cwd: root, encoding: "utf8" });
    const [book = ""] = show("ls-files", "memos/spending").trim().split("\n");
    expect(JSON.parse(show("show", `HEAD:${book}`).trim())).toMatchObject({ agent: "gpt", node: "sysadmin" });
    expect(mock.getRequests()).toHaveLength(1);
  });

  test("is looked at by a program that mesh.yml names, of which nothing is left behind", async () => {
    const cache = await temporaryFolder();
    vi.stubEnv("XDG_CACHE_HOME", cache);
    const source = `#!/usr/bin/env node
      const count = Number(/has (\\d+) steps/.exec(require("node:fs").readFileSync(0, "utf8"))[1]);
      const risks = Array.from({ length: count }, (_, index) => ({ step: index + 1, risk: "high" }));
      console.log(JSON.stringify({ risks, findings: [], verdict: "disagree", reasons: "Look again." }));`;
    const program = await put(cache, "bin/reviewer", source);
    await chmod(program, 0o755);
    const reviewer = `  own: { provider: command, command: [${program}] }\npolicy: { sandbox: when-possible }\n`;
    const root = await mesh({ config: `${reviewer}secondOpinion: { agent: own }\n` });
    expect(await opinionIn(root)).toMatchObject({ agent: "own", verdict: "disagree", reasons: "Look again." });
    expect((await reviewedIn(root)).steps[0]?.risk).toMatchObject({ author: "low", second: "high", run: "high" });
    expect(readdirSync(join(cache, "memomesh/sessions"))).toEqual([]);
    expect(readdirSync(join(root, ".memomesh/sessions/sysadmin")).join()).toContain("opinion-");
  });

  test("is there all the same when the second agent cannot be had, and says why nobody looked at it", async () => {
    vi.stubEnv("SECOND_KEY", "");
    const root = await mesh({ config: gpt() });
    const { verdict, reasons, agent } = await opinionIn(root);
    expect([agent, verdict]).toEqual(["gpt", "none"]);
    expect(reasons).toMatch(/^It could not be had: .*SECOND_KEY/);
  });

  test("is there all the same when mesh.yml names an agent that it does not have", async () => {
    const root = await mesh({ config: `${gpt()}secondOpinion: { agent: gtp }\n` });
    expect((await opinionIn(root)).reasons).toContain("mesh.yml names gtp");
  });

  test("is there all the same when there is no money for an opinion", async () => {
    const config = `${gpt(", prices: { input: 1, output: 10 }")}budgets: { session: { cost: 0.000001 } }\n`;
    const { verdict, reasons } = await opinionIn(await mesh({ config }));
    expect(verdict).toBe("none");
    expect(reasons).toContain("of the $0.00 that its budgets leave it");
    expect(mock.getRequests()).toEqual([]);
  });

  test("is shown to no model outside when the memo or the node is sensitive", async () => {
    reports();
    const byMemo = await mesh({ config: gpt(), more: "sensitive: true\n" });
    expect((await opinionIn(byMemo)).agent).toBe("offline");
    const byNode = await mesh({ config: gpt(), node: "sensitive: true\n" });
    expect((await opinionIn(byNode)).agent).toBe("offline");
    expect(mock.getRequests()).toEqual([]);
  });

  test("keeps the guard's risk when its text has talked the reviewer into anything", async () => {
    reports({ risk: "low", verdict: "agree" });
    const { steps } = await reviewedIn(await mesh({ config: gpt() }));
    const switching = steps.find(({ step }) => step.risk === "high");
    expect(switching?.risk).toMatchObject({ second: "low", run: "high" });
  });
});

describe("an opinion", () => {
  test("is not asked for below the risk that mesh.yml names, nor when it says never", async () => {
    const low = await reviewedIn(await mesh({ config: "secondOpinion: { from: critical }\n" }));
    const never = await reviewedIn(await mesh({ config: "secondOpinion: { from: never }\n" }));
    const medium = await reviewedIn(await mesh({ target: "staging", config: "secondOpinion: { from: low }\n" }));
    expect([low.opinion, never.opinion, medium.opinion?.state]).toEqual([undefined, undefined, "current"]);
  });

  test("is stale when a person has edited the runbook", async () => {
    const root = await mesh();
    const { path, runbook } = await reviewedIn(root);
    await put(dirname(path), basename(path), runbook.source.replace("## Rollback", "Looks good. Ada\n\n## Rollback"));
    expect((await reviewedIn(root)).opinion?.state).toBe("stale");
  });

  test("is never taken for a runbook", async () => {
    const root = await mesh();
    const loaded = await loadMesh(root);
    const { path } = await reviewedIn(root);
    const node = loaded.nodes.get("sysadmin");
    expect(node && (await runbookPaths(node))).toEqual([path]);
    const opinion = path.replace(/\.md$/, ".review.md");
    await expect(findRunbook(loaded, opinion, root)).rejects.toMatchObject({ code: "runbook.unknown" });
    expect((await findRunbook(loaded, basename(path), root)).path).toBe(path);
  });
});
