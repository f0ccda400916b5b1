// What a person sees of agents without asking any: what they would be told, and what they have cost.
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { memomesh, temporaryFolder } from "./program.ts";

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let cwd: string;
const call = (...args: string[]) => memomesh(args, { cwd });

beforeAll(async () => {
  folder = await temporaryFolder();
  cwd = join(folder.path, "studio");
  await memomesh(["init", "studio", "--no-git"], { cwd: folder.path });
  await call("node", "add", "ops", "--role", "sysadmin");
  const config = await readFile(join(cwd, "mesh.yml"), "utf8");
  const claude = "agents:\n  claude: { provider: anthropic, model: claude-test }\n";
  await writeFile(
    join(cwd, "mesh.yml"),
    `${config.replace(/^agents:\n {2}offline:.*\n/m, claude)}budgets: { node: 5 }\n`,
  );
  const node = await readFile(join(cwd, "projects/ops/node.yml"), "utf8");
  await writeFile(join(cwd, "projects/ops/node.yml"), node.replace(/^agent:.*$/m, "agent: claude"));
  await memomesh(["memo", "send", "--to", "ops", "-"], { cwd, input: "# Look after the box\n\n- [ ] Look\n" });
  await memomesh(["memo", "send", "--to", "ops", "-"], { cwd, input: "# A \u001b[31mred\u202e memo\n" });
  // Delivered, and not worked on: nobody has a key here.
  await memomesh(["run"], { cwd, env: { ANTHROPIC_API_KEY: "" } });
});
afterAll(() => folder[Symbol.asyncDispose]());

async function reference(subject: string): Promise<string> {
  const { memos } = JSON.parse((await call("memo", "list", "--node", "ops", "--json")).out);
  return memos.find((memo: { subject: string }) => memo.subject.startsWith(subject)).id;
}

describe("memomesh context", () => {
  test("shows each part with its tokens, and the very text", async () => {
    const { out, code } = await call("context", "ops", await reference("Look after"));
    expect(code).toBe(0);
    expect(out).toMatch(
      /^ops {2}Look after the box\nclaude \(claude-test\); at most 60 turns, 1,000,000 tokens, \$5\.00, 900 s\n/,
    );
    expect(out).toMatch(/^instructions +[\d,]+ tokens {2}AGENTS\.md$/m);
    expect(out).toMatch(/^thread +0 tokens {2}earlier memos +there is none$/m);
    expect(out).toContain("System\nYou are an agent in a memomesh");
    expect(out).toContain("0. [ ] Look");
    expect(out).toMatch(/^Tools\nlist: [^\n]+\n\{"type":"object"/m);
    const rows = [...out.matchAll(/^([a-z ]+?) +([\d,]+) tokens/gm)].map(([, name, count = ""]) => ({
      name,
      tokens: Number(count.replaceAll(",", "")),
    }));
    expect(rows.map(({ name }) => name)).toEqual([
      ...["rules", "session", "instructions", "state", "memo", "thread", "lessons", "platform", "files", "granted"],
      ...["targets and nodes", "task", "tools", "total"],
    ]);
    expect(rows.at(-1)?.tokens).toBe(rows.slice(0, -1).reduce((sum, { tokens }) => sum + tokens, 0));
  });

  test("gives a script exactly what would be sent, and a person nothing that a terminal could obey", async () => {
    const memo = await reference("A ");
    const { told } = JSON.parse((await call("context", "ops", memo, "--json")).out);
    expect(told.prompt).toContain("\u202e memo");
    const { out } = await call("context", "ops", memo);
    expect(out).not.toMatch(/[\u001b\u202e]/);
    expect(out).toContain("‹U+202E›");
    const { out: parts } = await call("context", "ops", memo, "--parts");
    expect(parts).not.toContain("System\n");
  });

  test("says why each lesson was chosen, and for which there was no room", async () => {
    const told = (title: string, more: string) => `### ${title}\n**Symptom:** the box is slow. ${more}\n\n`;
    const long = "**Cause:** so it goes. ".repeat(1500);
    const source =
      told("Look at the disk", "**Fix:** look") +
      told("Boxes need fans", "**Impact:** high") +
      told("Look, the box hums", long);
    await mkdir(join(cwd, "projects/ops/docs"), { recursive: true });
    await writeFile(join(cwd, "projects/ops/docs/ai-lessons.md"), source);
    const { out } = await call("context", "ops", await reference("Look after"), "--parts");
    expect(out).toMatch(/^Lessons, and why they were chosen; 1 of 3 left out: no room$/m);
    expect(out).toMatch(/^Boxes need fans {2}\S+ai-lessons\.md:4, \d+ tokens\n {2}high impact: always$/m);
    expect(out).toMatch(/^Look at the disk {2}.*\n {2}its words: look, box$/m);
    expect(out).toMatch(/^left out: Look, the box hums {2}/m);
  });

  test("says what to do when nothing waits", async () => {
    expect(await call("context", "ops")).toMatchObject({
      code: 2,
      err: expect.stringMatching(/nothing waits for ops; name a memo/),
    });
  });
});

describe("memomesh cost", () => {
  test("says so when nothing was spent", async () => {
    const { out, code } = await call("cost", "--month", "2026-01");
    expect([code, out]).toEqual([
      0,
      "2026-01  $0.00\nNo agent has cost anything in this month. The offline agent is free.\n",
    ]);
  });

  test("shows nodes with their budgets, agents, and what has no price", async () => {
    const line = (cost: number | null) =>
      `{"at":"2026-02-10T00:00:00Z","node":"ops","agent":"claude","memo":"m","session":"s","provider":"anthropic","model":"claude-test","inputTokens":1000,"cacheReadTokens":0,"cacheWriteTokens":0,"outputTokens":50,"cost":${cost}}\n`;
    await mkdir(join(cwd, "memos/spending"), { recursive: true });
    await writeFile(join(cwd, "memos/spending/2026-02.jsonl"), line(6.5) + line(null));
    const { out } = await call("cost", "--month", "2026-02");
    expect(out).toBe(
      [
        "2026-02  $6.50",
        "",
        "Nodes",
        "  ops  $6.50  1 session  2,000 tokens in, 100 out  of $5.00",
        "",
        "Agents",
        "  claude  $6.50  1 session  2,000 tokens in, 100 out  claude-test",
        "",
        "1 call has no known price and is not in these sums; give its agent `prices` in mesh.yml.",
        "",
      ].join("\n"),
    );
    expect(await call("cost", "--month", "tomorrow")).toMatchObject({ code: 2 });
  });
});
