import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { describe, expect, test } from "vitest";
import { initMesh } from "../../src/init.ts";
import { loadMesh } from "../../src/load.ts";
import { addNode } from "../../src/node.ts";
import { chart } from "../../src/report/chart.ts";
import type { Facts, MemoFact, RunFact } from "../../src/report/facts.ts";
import { reportOf } from "../../src/report/figures.ts";
import { html } from "../../src/report/html.ts";
import { readFacts } from "../../src/report/read-facts.ts";
import { reportHtml } from "../../src/report/report-html.ts";
import { put, temporaryFolder } from "../folder.ts";

const hour = 3_600_000;
const november = Date.parse("2026-11-10T00:00:00Z");
const now = new Date("2026-11-21T08:00:00Z");
const memo = (change: Partial<MemoFact>): MemoFact => ({
  id: "m1",
  node: "ops",
  type: "deployment",
  received: november,
  done: november + 2 * hour,
  archived: true,
  ...change,
});
const run = (change: Partial<RunFact>): RunFact => ({
  node: "ops",
  memo: "m1",
  created: november,
  gate: 90,
  state: "executed",
  ended: november + 6 * hour,
  ...change,
});
const spent = (at: string, cost: number | null) => ({
  at,
  cost,
  node: "ops",
  agent: "a",
  memo: "m",
  session: "s",
  provider: "p",
  model: "x",
  inputTokens: 1,
  outputTokens: 1,
  cacheReadTokens: 0,
  cacheWriteTokens: 0,
});
const facts = (change: Partial<Facts>): Facts => ({
  mesh: "studio",
  memos: [],
  runs: [],
  nodes: [{ node: "ops", lessons: 3, recurrences: 2, documented: ["STATE.md"], missing: ["AGENTS.md"] }],
  spending: [],
  answered: new Map(),
  ...change,
});

describe("the figures", () => {
  test("count from the memo to the end of its executed runbook, else to its completion", () => {
    const memos = [
      memo({}),
      memo({ id: "m2", type: "ask" }),
      memo({ id: "m3", type: "notice" }),
      memo({ id: "m4", archived: false, done: undefined }),
    ];
    const { total } = reportOf(facts({ memos, runs: [run({})] }), now);
    expect(total).toMatchObject({ done: 2, leadHours: 4 });
  });

  test("count a run in the month in which it ended, with success, rollback and gate", () => {
    const runs = [
      run({}),
      run({ state: "rolled-back", gate: 80 }),
      run({ state: "failed", gate: undefined, ended: Date.parse("2026-12-01T00:00:00Z") }),
      run({ state: "waiting", gate: 40, ended: undefined }),
    ];
    const { byMonth, total } = reportOf(facts({ runs }), now);
    expect(total).toMatchObject({ runs: 3, successRate: 1 / 3, rollbackRate: 1 / 3, gate: 70 });
    expect(byMonth).toMatchObject([
      { month: "2026-11", runs: 2, successRate: 0.5, rollbackRate: 0.5 },
      { month: "2026-12", runs: 1, successRate: 0, gate: undefined },
    ]);
  });

  test("count from an alert to its first answer, and the alerts that have none", () => {
    const alert = { type: "alert" } as const;
    const memos = [
      memo({ ...alert, id: "a1", done: november + 5 * hour }),
      memo({ ...alert, id: "a2", done: november + 5 * hour }),
      memo({ ...alert, id: "a3", done: undefined, archived: false }),
    ];
    const answered = new Map([["a1", november + hour]]);
    expect(reportOf(facts({ memos, answered }), now).total).toMatchObject({ alerts: 3, alertsOpen: 1, alertHours: 3 });
  });

  test("sum up cost, lessons and documentation", () => {
    const spending = [
      spent("2026-10-01T00:00:00Z", 1.5),
      spent("2026-11-01T00:00:00Z", 2),
      spent("2026-11-02T00:00:00Z", null),
    ];
    const report = reportOf(facts({ spending }), now);
    expect(report).toMatchObject({ total: { cost: 3.5 }, lessons: 3, recurrences: 2, documented: 0.5 });
    expect(report.rows).toMatchObject([
      { month: "2026-11", node: "ops", cost: 2 },
      { month: "2026-10", node: "ops", cost: 1.5 },
    ]);
  });

  test("are unknown, and not zero, where nothing was done", () => {
    expect(reportOf(facts({ nodes: [] }), now)).toMatchObject({
      rows: [],
      documented: undefined,
      total: { leadHours: undefined, successRate: undefined, gate: undefined, alertHours: undefined, cost: 0 },
    });
  });
});

describe("the facts", () => {
  test("are read from archived memos, runbooks, their journals, lessons and documents", async () => {
    const root = await temporaryFolder();
    await initMesh(root, { name: "studio" });
    await addNode(await loadMesh(root), "ops", { role: "sysadmin" });
    const id = "01JD8Q5T3ZK3N6V9Y2M4R7AAAA";
    const header = `id: ${id}\nfrom: operator\nto: ops\ntype: alert\ndelivered: 2026-11-10T00:00:00Z\n`;
    const body = "# Disk full\n\n## Completion\n\n**By:** ops (agent offline), 2026-11-10T02:00:00.000Z\n";
    await put(root, "projects/ops/memos/archived/2026/11/2026-11-10-disk-7aaaa.md", `---\n${header}---\n${body}`);
    await put(root, "projects/ops/memos/archived/2026/11/odd.md", "---\nto: [\n---\n");
    const answer = `id: 01JD8Q5T3ZK3N6V9Y2M4R7BBBB\nfrom: ops\nto: operator\nre: ${id}\ndate: 2026-11-10T01:00:00Z\n`;
    await put(root, "memos/incoming/a-7bbbb.md", `---\n${answer}delivered: 2026-11-10T01:00:01Z\n---\n# Freed\n`);
    const step = "## Step 1: Free it\nRisk: low.\n\n```sh run\ntrue\n```\n";
    const rb = `id: rb-${id}\nmemo: ${id}\nnode: ops\ntarget: staging\ncreated: 2026-11-10T00:10:00Z\ngate: 88\n`;
    await put(root, "projects/ops/runbooks/free-7aaaa.md", `---\n${rb}---\n# Free the disk\n\n${step}`);
    await put(root, "projects/ops/runbooks/broken.md", "no runbook\n");
    const by = { name: "Ada", email: "" };
    const at = "2026-11-10T03:00:00Z";
    const done = { at, type: "by-hand", step: 1, by, digest: "sha256:x", checked: false };
    await put(root, "projects/ops/runbooks/free-7aaaa.record.jsonl", `${JSON.stringify(done)}\n`);
    await put(
      root,
      "projects/ops/docs/ai-lessons.md",
      "### Full\n**Symptom:** x\n**Seen:** 5 times, last on 2026-11-21.\n",
    );
    await put(root, "projects/ops/docs/platform-reference.md", "# Platform\n");
    const found = await readFacts(await loadMesh(root));
    expect(found.memos).toMatchObject([
      { node: "operator", archived: false },
      { id, type: "alert", received: november, done: november + 2 * hour, archived: true },
    ]);
    expect(found.answered.get(id)).toBe(november + hour);
    expect(found.runs).toMatchObject([{ gate: 88, state: "executed", ended: november + 3 * hour }]);
    expect(found.nodes.find(({ node }) => node === "ops")).toMatchObject({
      lessons: 1,
      recurrences: 4,
      missing: ["docs/platform-reference.md"],
    });
    expect(found.nodes.find(({ node }) => node === "operator")).toMatchObject({ documented: [], missing: [] });
  });
});

const hostile = `</style><script>document.title="taken"</script><img src=x onerror='document.title="taken"'>"\`&\u202e`;

function hostilePage(): string {
  const nodes = [{ node: hostile, lessons: 0, recurrences: 0, documented: [], missing: [hostile] }];
  const runs = [run({ node: hostile })];
  return reportHtml(reportOf(facts({ mesh: hostile, nodes, runs, memos: [memo({ node: hostile })] }), now));
}

describe("the page", () => {
  test("is whole in itself, and its policy allows its own style and nothing else", () => {
    const page = reportHtml(reportOf(facts({ runs: [run({})], memos: [memo({})] }), now));
    const style = /<style>([\s\S]*?)<\/style>/.exec(page)?.[1] ?? "";
    const digest = createHash("sha256").update(style).digest("base64");
    expect(page).toContain(
      `content="default-src 'none'; style-src 'sha256-${digest}'; base-uri`.replaceAll("'", "&#39;"),
    );
    expect(page).not.toMatch(/\b(?:src|href)=|<script|style="|https?:|url\(|@import/);
    expect(page).toContain("<svg");
    expect(page).toMatch(/^<!doctype html>\n<html lang="en">/);
  });

  test("shows what others have written as text, whatever it is", () => {
    const page = hostilePage();
    expect(page).not.toMatch(/<script|<img|\u202e/);
    expect(page).toContain("&#60;script&#62;");
    expect(html`<p title="${'" onload="x'}">`.source).toBe('<p title="&#34; onload=&#34;x">');
  });

  test("draws nothing where nothing is known, and never leaves its axes", () => {
    const print = String;
    expect(chart({ title: "t", points: [{ label: "a", value: undefined }], shape: "line", print }).source).toContain(
      "No figures yet",
    );
    const points = [0, 3, 7, undefined, 120].map((value, index) => ({ label: `l${index}`, value }));
    for (const shape of ["bars", "line"] as const) {
      const { source } = chart({ title: "t", points, shape, print });
      expect(source.match(/<(?:rect|circle) /g)).toHaveLength(4);
      const heights = [...source.matchAll(/ (?:y|cy)="([\d.]+)"/g)].map((match) => Number(match[1]));
      expect(Math.min(...heights)).toBeGreaterThanOrEqual(12);
      expect(Math.max(...heights)).toBeLessThanOrEqual(190);
      expect(source).toContain(">200</text>");
    }
  });

  const browser = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"].find(existsSync);

  test.skipIf(browser === undefined)(
    "runs nothing in a real browser, and has its style",
    async () => {
      const folder = await temporaryFolder();
      const file = await put(folder, "report.html", hostilePage());
      const flags = ["--headless=new", "--no-sandbox", "--disable-gpu", `--user-data-dir=${join(folder, "profile")}`];
      const seen = await promisify(execFile)(browser ?? "", [...flags, "--dump-dom", `file://${file}`], {
        timeout: 60_000,
      });
      expect(seen.stdout).not.toContain("<title>taken</title>");
      expect(seen.stdout).toContain("<svg");
      expect(seen.stderr).not.toContain("Content Security Policy");
    },
    90_000,
  );
});
