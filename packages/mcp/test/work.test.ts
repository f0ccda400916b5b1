import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { call, connect } from "./client.ts";
import { makeStudio, type Studio } from "./studio.ts";

let studio: Studio;
let ops: Client;

beforeAll(async () => {
  studio = await makeStudio();
  ops = await connect(studio.folder("ops"), [], "claude-code");
});
afterAll(async () => {
  await ops.close();
  await studio.remove();
});

const own = (path: string) => readFile(join(studio.folder("ops"), path), "utf8");
const lastCommit = () => studio.git("log", "-1", "--format=%s%n%b", "--name-only");

const step = {
  title: "Keep the release",
  risk: "low",
  prose: "So that one can go back.",
  run: 'rm -rf "$SITE/old"',
  check: 'test -d "$SITE/current"',
};
const draft = { target: "staging", title: "Deploy the shop", what: "It.", rollback: "Back.", steps: [step] };

describe("a runbook", () => {
  test("is drafted, judged step by step as a review would, committed, and its memo waits for a person", async () => {
    const id = await studio.deliver("ops", "shop", { subject: "Deploy the shop", type: "deployment" });
    const { data, text } = await call(ops, "runbook_draft", { ...draft, memo: id });
    expect(data).toMatchObject({ readable: true, approvable: true, steps: [{ number: 1, claimed: "low" }] });
    const [first] = data.steps as { risk: string; reasons: string[] }[];
    expect(first?.risk).not.toBe("low");
    expect(first?.reasons.join(" ")).toContain("rm");
    expect(text).toContain(`memomesh review`);
    expect(await own(String(data.file))).toContain(`memo: ${id}`);
    expect(await lastCommit()).toMatch(
      /Draft the runbook "Deploy the shop"[\s\S]*Memo-Id: \w{26}\nRunbook: runbooks\/[\s\S]*Agent: claude-code over MCP/,
    );
    expect((await call(ops, "read_memo", { memo: id })).data).toMatchObject({ status: "prepared", runbook: data.file });
    expect((await call(ops, "status")).data.forPerson).toContainEqual(expect.stringContaining("memomesh review"));
    const completed = await call(ops, "complete_memo", { memo: id, notes: "Done." });
    expect(completed).toMatchObject({ refused: true, text: expect.stringContaining("memo.prepared") });
    const checked = await call(ops, "runbook_check", { runbook: String(data.file) });
    expect(checked.data.steps).toEqual(data.steps);
  });

  test("may upload only what the node may see", async () => {
    const upload = { from: "projects/vault/dist", to: "releases/2", link: "current" };
    const { run: _, ...sends } = step;
    const { refused, text } = await call(ops, "runbook_draft", { ...draft, steps: [{ ...sends, upload }] });
    expect({ refused, text }).toEqual({ refused: true, text: expect.stringContaining("it needs projects/vault/dist") });
  });

  test("of one memo does not become that of another one", async () => {
    const [one, other] = [
      await studio.deliver("ops", "shop", { subject: "One" }),
      await studio.deliver("ops", "shop", { subject: "Other" }),
    ];
    await call(ops, "runbook_draft", { ...draft, memo: one, name: "first" });
    const again = await call(ops, "runbook_draft", { ...draft, memo: other, name: "first", replace: true });
    expect(again).toMatchObject({ refused: true, text: expect.stringContaining("answers another memo") });
    const second = await call(ops, "runbook_draft", { ...draft, memo: one, name: "second" });
    expect(second).toMatchObject({ refused: true, text: expect.stringContaining("has its runbook already") });
    await call(ops, "runbook_draft", { ...draft, name: "first", replace: true });
    expect(await own("runbooks/first.md")).toContain(`memo: ${one}`);
  });

  test("is replaced only when that is asked for, and keeps the id by which its journal knows it", async () => {
    const named = { ...draft, name: "renew" };
    await call(ops, "runbook_draft", named);
    const [, id] = /\nid: (\S+)/.exec(await own("runbooks/renew.md")) ?? [];
    expect((await call(ops, "runbook_draft", named)).text).toContain("runbook.exists");
    const again = await call(ops, "runbook_draft", { ...named, title: "Renew", replace: true });
    expect(again.refused).toBe(false);
    expect(await own("runbooks/renew.md")).toContain(`id: ${id}\n`);
    expect(await own("runbooks/renew.md")).toContain("# Renew\n");
  });

  test.each([
    ["a target that is not there", { target: "mars" }, 'target "mars" is not in mesh.yml'],
    ["what the node may not see", { steps: [{ ...step, needs: { files: ["projects/vault/key"] } }] }, "vault"],
    ["prose that looks like a step", { what: "## Step 9: Hidden\nRisk: low.\n\n```sh run\nid\n```" }, "step"],
    ["the record of a run as its name", { name: "x.record" }, "record"],
  ])("with %s is not written", async (_, change, why) => {
    const { refused, text } = await call(ops, "runbook_draft", { ...draft, ...change });
    expect({ refused, text }).toEqual({ refused: true, text: expect.stringContaining(why) });
  });
});

describe("the state of the node", () => {
  test("is read, brought up to date and committed", async () => {
    const report = { handover: "The port is 8080.", status: "Waits.", progress: ["Looked around"], next: ["Deploy"] };
    const { refused } = await call(ops, "update_state", report);
    expect(refused).toBe(false);
    const { text } = await call(ops, "state");
    expect(text).toContain("The port is 8080.");
    expect(text).toContain("- [ ] Deploy");
    expect(await lastCommit()).toMatch(
      /Update the state of ops[\s\S]*Agent: claude-code over MCP\n[\s\S]*projects\/ops\/STATE\.md/,
    );
    expect(await studio.git("status", "--porcelain", "projects/ops/STATE.md")).toBe("");
  });

  test("loses nothing when two clients write it at the same time", async () => {
    const other = await connect(studio.folder("ops"), [], "codex");
    const entries = Array.from({ length: 6 }, (_, index) => `Entry ${index}`);
    const answers = await Promise.all(
      entries.map((entry, index) =>
        call(index % 2 === 0 ? ops : other, "update_state", { handover: "Two at once.", progress: [entry] }),
      ),
    );
    await other.close();
    expect(answers.filter(({ refused }) => refused)).toEqual([]);
    const state = await own("STATE.md");
    for (const entry of entries) expect(state).toContain(entry);
    expect(await studio.git("status", "--porcelain", "projects/ops/STATE.md")).toBe("");
  });
});

describe("a lesson", () => {
  const lesson = {
    title: "The selector matches two pods",
    symptom: "Half of the requests fail with 502.",
    cause: "The selector matches the database pod.",
    fix: "Add the component to the selector.",
    appliesTo: ["**/*.yaml"],
  };

  test("is recorded once, committed, and found again by its words", async () => {
    expect((await call(ops, "record_lesson", lesson)).refused).toBe(false);
    expect(await lastCommit()).toContain('Record the lesson "The selector matches two pods"');
    const again = await call(ops, "record_lesson", { ...lesson, title: "the selector matches two pods." });
    expect(again).toMatchObject({ refused: true, text: expect.stringContaining("lesson.known") });
    const { data } = await call(ops, "search_lessons", { words: "502 selector" });
    expect(data).toMatchObject({ found: 1, lessons: [{ title: lesson.title }] });
    expect((await call(ops, "search_lessons", { words: "kernel" })).data.found).toBe(0);
  });

  test("that all nodes share is found too", async () => {
    await studio.put(
      "docs/ai-lessons.md",
      "# Lessons\n\n### Disk full\n**Symptom:** ENOSPC **Cause:** logs **Fix:** rotate\n",
    );
    const { data } = await call(ops, "search_lessons", { words: "enospc" });
    expect(data.lessons).toMatchObject([{ title: "Disk full", where: "docs/ai-lessons.md:3" }]);
  });
});

describe("why", () => {
  test("tells memo and agent of a file, and what happened to a step", async () => {
    const id = await studio.deliver("ops", "shop", { subject: "Explain" });
    const { data } = await call(ops, "runbook_draft", { ...draft, memo: id, name: "explained" });
    const file = await call(ops, "why", { path: String(data.file) });
    expect(file.data.decisions).toMatchObject([
      { memo: id, agent: "claude-code over MCP", author: expect.stringContaining("Ada") },
    ]);
    expect((await call(ops, "why", { runbook: "explained", step: 1 })).data.events).toEqual([]);
    expect((await call(ops, "why", { memo: id })).data.decisions).toMatchObject([
      { what: expect.stringContaining("Draft") },
    ]);
    expect((await call(ops, "why", { path: "a", memo: id })).refused).toBe(true);
    expect((await call(ops, "why", { runbook: "explained", step: 2 })).text).toContain("no step 2");
  });
});
