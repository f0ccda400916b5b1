// Lessons about some files, as the vendors' programs read rules for some files.
import { mkdir, readFile, rm, symlink } from "node:fs/promises";
import { join } from "node:path";
import { parseLessons } from "@memomesh/core";
import { checkChangePath } from "@memomesh/guard";
import { beforeEach, expect, test } from "vitest";
import { scopedRules, syncScopedRules } from "../src/scoped-rules.ts";
import { put, temporaryFolder } from "./folder.ts";

const lesson = (title: string, appliesTo: string) =>
  `### ${title}\n**Symptom:** s **Cause:** c **Fix:** f **Applies to:** ${appliesTo}\n`;

let root: string;
const node = () => join(root, "projects/ops");
const read = (path: string) => readFile(join(node(), path), "utf8");
const sync = (options = {}) => syncScopedRules(root, node(), options);

beforeEach(async () => {
  root = await temporaryFolder();
  await put(
    root,
    "docs/ai-lessons.md",
    `${lesson("Ports", "`**/compose*.{yml,yaml}`")}\n${lesson("Everywhere", "all of it")}`,
  );
  await put(root, "projects/ops/docs/ai-lessons.md", lesson("Limits", "`**/compose*.yml`, `**/compose*.yaml`"));
});

test("writes the lessons of the node and of all nodes for each vendor, once for the same files", async () => {
  const results = await sync();
  expect(results.map(({ state }) => state)).toEqual(["written", "written", "written"]);
  const [claude = "", copilot = "", cursor = ""] = results.map(({ file }) => file);
  expect(claude).toMatch(/^\.claude\/rules\/memomesh-compose-yaml-compose-yml-[0-9a-f]{6}\.md$/);
  expect(copilot).toMatch(/^\.github\/instructions\/memomesh-.*\.instructions\.md$/);
  expect(cursor).toMatch(/^\.cursor\/rules\/memomesh-.*\.mdc$/);
  const head = async (file: string) => (await read(file)).split("---\n")[1] ?? "";
  expect(await head(claude)).toBe('paths:\n  - "**/compose*.yaml"\n  - "**/compose*.yml"\n');
  expect(await head(copilot)).toBe('applyTo: "**/compose*.yaml,**/compose*.yml"\n');
  expect(await head(cursor)).toContain("globs: **/compose*.yaml,**/compose*.yml\nalwaysApply: false\n");
  for (const file of [claude, copilot, cursor]) {
    expect(await read(file)).toMatch(/written by `memomesh instructions sync`[\s\S]*### Ports[\s\S]*### Limits/);
    expect(await read(file)).not.toContain("Everywhere");
    expect(checkChangePath(file), "out of a changeset's reach").toMatchObject({ allowed: false });
  }
  expect((await sync({ check: true })).map(({ state }) => state)).toEqual(["in step", "in step", "in step"]);
});

test("check says what differs and writes nothing; what no lesson asks for any more is removed", async () => {
  const [first] = await sync();
  const before = await read(first?.file ?? "");
  await put(root, "projects/ops/docs/ai-lessons.md", lesson("Other limits", "`**/compose*.yml`, `**/compose*.yaml`"));
  const differing = await sync({ check: true });
  expect(differing.map(({ difference }) => difference)).toEqual(Array(3).fill("is not what the lessons say now"));
  expect(await read(first?.file ?? "")).toBe(before);
  await rm(join(root, "docs/ai-lessons.md"));
  await rm(join(root, "projects/ops/docs/ai-lessons.md"));
  expect((await sync({ check: true })).map(({ difference }) => difference)).toEqual(
    Array(3).fill("belongs to no lesson any more"),
  );
  expect((await sync()).map(({ state }) => state)).toEqual(["removed", "removed", "removed"]);
  expect(await sync()).toEqual([]);
});

test("leaves alone what people wrote, and a folder that leads elsewhere", async () => {
  const [claude] = await sync();
  const file = claude?.file ?? "";
  await put(node(), file, "Mine.\n");
  await put(node(), ".claude/rules/memomesh-own.md", "Mine too.\n");
  expect((await sync())[0]).toMatchObject({ state: "out of step", difference: expect.stringContaining("left alone") });
  expect(await read(file)).toBe("Mine.\n");
  expect(await read(".claude/rules/memomesh-own.md")).toBe("Mine too.\n");
  const elsewhere = await temporaryFolder();
  await rm(join(node(), ".cursor"), { recursive: true });
  await mkdir(join(node(), ".cursor"));
  await symlink(elsewhere, join(node(), ".cursor/rules"));
  expect((await sync()).at(-1)).toMatchObject({ file: ".cursor/rules", state: "out of step" });
});

test("no lesson can say more in a rule than its words", () => {
  const hostile = parseLessons(
    `### Look @/etc/passwd\n**Symptom:** see (@~/.ssh/id) and x@sha256:1 **Cause:** c **Fix:** \u202Ef **Applies to:** \`**/*.md\`, \`a"b\``,
    "x",
  );
  expect(scopedRules(hostile), "a glob that is no plain one").toEqual([]);
  const [rule] = scopedRules(hostile.map((each) => ({ ...each, appliesTo: ["**/*.md"] })));
  expect(rule?.text).toContain("(at) /etc/passwd");
  expect(rule?.text).toContain("((at) ~/.ssh/id) and x@sha256:1");
  expect(rule?.text).not.toContain("\u202E");
});
