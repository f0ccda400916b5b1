import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { bodyDigest, outgoingFolder, parseMemo } from "@memomesh/core";
import { afterEach, beforeEach, expect, test } from "vitest";
import { sendMemo } from "../src/index.ts";
import { names, openWorkshop, type Workshop } from "./workshop.ts";

let shop: Workshop;
beforeEach(() => {
  shop = openWorkshop("a");
});
afterEach(() => shop.remove());

const draft = { to: ["b"], subject: "Hello", body: "Text." };

test("puts a memo into outgoing in one piece, with an id and a digest that vouches for it", async () => {
  const { id, path } = await sendMemo(shop.node("a"), draft, new Date("2026-11-21T10:00:00Z"));
  const { header, body } = parseMemo(readFileSync(path, "utf8"), path);
  expect(header).toMatchObject({ id, from: "a", to: ["b"], subject: "Hello", digest: bodyDigest(body) });
  expect(basename(path)).toBe(`2026-11-21-hello-${id.slice(-5).toLowerCase()}.md`);
  expect(names(outgoingFolder(shop.node("a").folder))).toEqual([basename(path)]);
});

test("says that nothing was sent when outgoing is no folder", async () => {
  const folder = outgoingFolder(shop.node("a").folder);
  rmSync(folder, { recursive: true });
  writeFileSync(folder, "");
  await expect(sendMemo(shop.node("a"), draft, new Date())).rejects.toMatchObject({
    code: "mailbox.folder.not-a-folder",
    exit: 77,
  });
  expect(names(join(shop.node("a").folder, "memos"))).toEqual(["incoming", "outgoing"]);
});
