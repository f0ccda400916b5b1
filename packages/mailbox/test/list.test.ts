import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { archivedFolder } from "@memomesh/core";
import { afterEach, beforeEach, expect, test } from "vitest";
import { findMemo, listMemos } from "../src/index.ts";
import { drop, openWorkshop, routeAll, toolMemo, type Workshop } from "./workshop.ts";

let shop: Workshop;
beforeEach(() => {
  shop = openWorkshop("a", "b");
});
afterEach(() => shop.remove());

test("lists the headers of an inbox by day, and says of a broken memo what is wrong", async () => {
  for (const subject of ["Second", "First"]) drop(shop.node("a"), `${subject}.md`, toolMemo(["b"], subject));
  await routeAll(shop.node("a"), shop.root);
  drop(shop.node("b"), "z-broken.md", "---\npriority: asap\n---\n# Broken\n", "incoming");
  drop(shop.node("b"), ".hidden.md", "", "incoming");
  drop(shop.node("b"), "z-plain.md", "# By hand\n", "incoming");
  const listed = [...listMemos(shop.node("b"), "incoming")].map((each) =>
    "header" in each ? each.header.subject : each.problem.code,
  );
  expect(listed).toEqual(["First", "Second", "memo.header.priority", "By hand"]);
});

test("lists the archive with the newest first, and reads no more of it than is asked for", () => {
  const node = shop.node("b");
  for (const day of ["2025-12-31", "2026-01-02", "2026-01-01"]) {
    const folder = archivedFolder(node.folder, new Date(day));
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, `${day}-memo-00000.md`), `---\nto: b\n---\n# Memo of ${day}\n`);
  }
  mkdirSync(join(node.folder, "memos/archived/2024/12/2024-12-01-a-folder-00000.md"), { recursive: true });
  const archive = listMemos(node, "archived");
  const first = [archive.next().value, archive.next().value, archive.next().value];
  expect(first).toMatchObject(
    ["2026-01-02", "2026-01-01", "2025-12-31"].map((day) => ({ header: { subject: `Memo of ${day}` } })),
  );
  expect(archive.next().value).toMatchObject({ problem: { code: "mailbox.io" } });
});

test("finds a memo by its id in the inbox and in old archives, and none that was not delivered", async () => {
  const node = shop.node("b");
  const id = "01JD8Q5T3ZK3N6V9Y2M4R7W1XB";
  expect(await findMemo(node, id)).toBeUndefined();
  expect(await findMemo(node, "no id")).toBeUndefined();
  drop(node, "2024-11-21-hello-7w1xb.md", toolMemo(["b"], "Hello", "Text.", id), "incoming");
  expect(await findMemo(node, id)).toBeUndefined();
  const folder = archivedFolder(node.folder, new Date("2024-12-01"));
  mkdirSync(folder, { recursive: true });
  const path = join(folder, "2024-11-21-hello-7w1xb.md");
  writeFileSync(path, `---\nid: ${id}\nto: b\ndelivered: 2024-11-21\n---\n# Hello\n`);
  expect(await findMemo(node, id)).toBe(path);
});
