import { existsSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { incomingFolder, type NodeFolder, withHeader } from "@memomesh/core";
import { afterEach, beforeEach, expect, test } from "vitest";
import { archive } from "../src/index.ts";
import { drop, inbox, names, openWorkshop, routeAll, toolMemo, type Workshop } from "./workshop.ts";

let shop: Workshop;
let node: NodeFolder;
beforeEach(() => {
  shop = openWorkshop("a", "b");
  node = shop.node("b");
});
afterEach(() => shop.remove());

const november = new Date("2026-11-30T23:59:59Z");
const december = new Date("2026-12-01T00:00:00Z");

async function deliver(subject = "Hello"): Promise<{ path: string; source: string }> {
  drop(shop.node("a"), "x.md", toolMemo(["b"], subject));
  await routeAll(shop.node("a"), shop.root);
  const path = join(incomingFolder(node.folder), inbox(node)[0] ?? "");
  return { path, source: readFileSync(path, "utf8") };
}

test("moves a memo to the archive of its month under its own name, in its completed form", async () => {
  const { path, source } = await deliver();
  const completed = `${source}\n## Completion\nDone.\n`;
  const archived = await archive(node, path, completed, november);
  expect(archived).toBe(join(node.folder, "memos/archived/2026/11", basename(path)));
  expect(readFileSync(archived, "utf8")).toBe(completed);
  expect(inbox(node)).toEqual([]);
});

test("can be repeated after a crash at any point, also in the next month: the memo is there once", async () => {
  const { path, source } = await deliver();
  const archived = await archive(node, path, `${source}first`, november);
  writeFileSync(path, source);
  expect(await archive(node, path, `${source}second`, december)).toBe(archived);
  expect(await archive(node, path, `${source}second`, december)).toBe(archived);
  expect(readFileSync(archived, "utf8")).toBe(`${source}second`);
  expect([inbox(node), names(join(node.folder, "memos/archived/2026/12"))]).toEqual([[], []]);
});

test("keeps both when another memo has the same name in the archive", async () => {
  const { path, source } = await deliver();
  const archived = await archive(node, path, source, november);
  const other = withHeader(source, { id: `01JD8Q5T3ZK3N6V9Y2M4R${archived.slice(-8, -3).toUpperCase()}` });
  writeFileSync(path, other);
  expect(await archive(node, path, other, november)).toBe(archived.replace(/-(.{5}\.md)$/, "-2-$1"));
  expect(readFileSync(archived, "utf8")).toBe(source);
});

test("leaves the memo in the inbox when the archive leads out of the node", async () => {
  const { path, source } = await deliver();
  symlinkSync(shop.node("a").folder, join(node.folder, "memos", "archived"));
  await expect(archive(node, path, source, november)).rejects.toMatchObject({
    code: "mailbox.folder.not-a-folder",
    exit: 77,
  });
  expect(existsSync(path)).toBe(true);
  expect(names(incomingFolder(node.folder))).toHaveLength(1);
});
