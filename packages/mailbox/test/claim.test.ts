import { execFileSync } from "node:child_process";
import { appendFileSync, linkSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { idTime, isId, MeshError, outgoingFolder } from "@memomesh/core";
import { afterEach, beforeEach, expect, test } from "vitest";
import { claimDrop, DropScanner, readClaimName, releaseClaim, resumeClaim } from "../src/index.ts";
import { startChild } from "./process.ts";
import { claimAll, drop, names, openWorkshop, options, plainMemo, toolMemo, type Workshop } from "./workshop.ts";

let shop: Workshop;
let folder: string;
beforeEach(() => {
  shop = openWorkshop("a", "b");
  folder = outgoingFolder(shop.node("a").folder);
});
afterEach(() => shop.remove());

async function ready() {
  return (await new DropScanner({ settleMs: 0, emptyMs: 0, maxBytes: 1000 }).scan(shop.node("a"), Date.now())).ready;
}

async function problemOf(name: string, maxBytes = 1000): Promise<string> {
  const found = (await ready()).find((each) => each.name === name)!;
  const claim = await claimDrop(found, { now: Date.now(), maxBytes });
  return claim?.bytes instanceof MeshError ? claim.bytes.code : "none";
}

test("hides what it takes behind a name that tells its id, its owner and its own name", async () => {
  drop(shop.node("a"), "a memo-x.md", plainMemo("b", "Hello"));
  const [claim] = await claimAll(shop.node("a"));
  const [name = ""] = names(folder);
  expect(readClaimName(name)).toMatchObject({ id: claim?.id, name: "a memo-x.md" });
  expect(isId(claim?.id ?? "")).toBe(true);
  expect(claim?.bytes.toString()).toBe(plainMemo("b", "Hello"));
});

test("gives a drop to only one of those who saw it", async () => {
  drop(shop.node("a"), "x.md", plainMemo("b", "Hello"));
  const [seen] = await ready();
  const claims = await Promise.all([1, 2, 3].map(() => claimDrop(seen!, options)));
  expect(claims.filter((claim) => claim !== undefined)).toHaveLength(1);
});

test("puts a drop back that was written to after it was seen", async () => {
  const path = drop(shop.node("a"), "x.md", plainMemo("b", "Hello"));
  const [seen] = await ready();
  appendFileSync(path, "and more");
  expect(await claimDrop(seen!, options)).toBeUndefined();
  expect(names(folder)).toEqual(["x.md"]);
  expect(readFileSync(path, "utf8")).toContain("and more");
});

test("keeps a drop that was written to after it was seen when its digest says that it is complete", async () => {
  const path = drop(shop.node("a"), "x.md", "half");
  const [seen] = await ready();
  writeFileSync(path, toolMemo(["b"], "Hello"));
  expect((await claimDrop(seen!, options))?.bytes.toString()).toContain("# Hello");
});

test("says why something is no memo file, and never follows a link or waits for a pipe", async () => {
  mkdirSync(join(folder, "folder.md"));
  symlinkSync("/etc/passwd", join(folder, "link.md"));
  execFileSync("mkfifo", [join(folder, "pipe.md")]);
  drop(shop.node("a"), "picture.png", "x");
  drop(shop.node("a"), "empty.md", "");
  drop(shop.node("a"), "large.md", "x".repeat(1001));
  writeFileSync(join(folder, "latin.md"), Buffer.from([0xe4, 0xf6, 0xfc]));
  expect(await problemOf("folder.md")).toBe("memo.file.folder");
  expect(await problemOf("link.md")).toBe("memo.file.link");
  expect(await problemOf("pipe.md")).toBe("memo.file.special");
  expect(await problemOf("picture.png")).toBe("memo.file.name");
  expect(await problemOf("empty.md")).toBe("memo.file.empty");
  expect(await problemOf("large.md")).toBe("memo.file.too-large");
  expect(await problemOf("latin.md")).toBe("memo.file.not-utf8");
});

test("takes a file with the longest name that a file can have", async () => {
  const name = `${"ä".repeat(126)}.md`;
  drop(shop.node("a"), name, plainMemo("b", "Hello"));
  const [claim] = await claimAll(shop.node("a"));
  expect(Buffer.byteLength(names(folder)[0] ?? "")).toBeLessThanOrEqual(255);
  expect(claim?.drop.name).toBe(name);
});

test("releases beside what lies there by now, and overwrites nothing", async () => {
  drop(shop.node("a"), "x.md", plainMemo("b", "First"));
  const [claim] = await claimAll(shop.node("a"));
  drop(shop.node("a"), "x.md", plainMemo("b", "Second"));
  expect(await releaseClaim(claim!)).toBe(join(folder, "x-2.md"));
  expect(readFileSync(join(folder, "x.md"), "utf8")).toContain("Second");
  expect(readFileSync(join(folder, "x-2.md"), "utf8")).toContain("First");
});

test("leaves the claims of living processes alone", async () => {
  drop(shop.node("a"), "x.md", plainMemo("b", "Hello"));
  await claimAll(shop.node("a"));
  const { ready, left } = await new DropScanner({ settleMs: 0, maxBytes: 1000 }).scan(shop.node("a"), Date.now());
  expect([ready, left]).toEqual([[], []]);
});

test("takes over the claim of a dead process under the same id, only once", async () => {
  drop(shop.node("a"), "x.md", plainMemo("b", "Hello"));
  const child = startChild("claim-and-die", shop.root, "a");
  const [dead] = JSON.parse((await child.line()) ?? "") as { id: string }[];
  expect((await child.end).signal).toBe("SIGKILL");
  const { left } = await new DropScanner({ settleMs: 0, maxBytes: 1000 }).scan(shop.node("a"), Date.now());
  expect(left).toMatchObject([{ id: dead?.id, name: "x.md", box: "outgoing", node: "a" }]);
  const claims = await Promise.all([1, 2].map(() => resumeClaim(left[0]!, options)));
  expect(claims.filter((claim) => claim !== undefined)).toMatchObject([{ id: dead?.id, recovered: true }]);
});

test("finishes a release in which a process died", async () => {
  const path = drop(shop.node("a"), "x.md", plainMemo("b", "Hello"));
  const child = startChild("claim-and-die", shop.root, "a");
  const [dead] = JSON.parse((await child.line()) ?? "") as { path: string }[];
  await child.end;
  linkSync(dead!.path, path);
  const { left } = await new DropScanner({ settleMs: 0, maxBytes: 1000 }).scan(shop.node("a"), Date.now());
  expect(await resumeClaim(left[0]!, options)).toBeUndefined();
  expect(names(folder)).toEqual(["x.md"]);
});

test("takes over the claim of another machine only after ten minutes", async () => {
  const id = "01JD8Q5T3ZK3N6V9Y2M4R7W1XB";
  writeFileSync(join(folder, `.claim-${id}-0123abcd.42.0123abcd-x.md`), plainMemo("b", "Hello"));
  const scanner = new DropScanner({ settleMs: 0, maxBytes: 1000 });
  expect((await scanner.scan(shop.node("a"), idTime(id) + 600_000)).left).toEqual([]);
  expect((await scanner.scan(shop.node("a"), idTime(id) + 600_001)).left).toMatchObject([{ id, name: "x.md" }]);
});
