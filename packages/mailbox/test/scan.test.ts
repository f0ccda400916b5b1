import { execFileSync } from "node:child_process";
import {
  appendFileSync,
  mkdirSync,
  renameSync,
  rmSync,
  symlinkSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { incomingFolder, outgoingFolder, withHeader } from "@memomesh/core";
import { afterEach, beforeEach, expect, test } from "vitest";
import { claimDrop, DropScanner, isMemoName } from "../src/index.ts";
import { drop, inbox, names, openWorkshop, options, plainMemo, routeAll, toolMemo, type Workshop } from "./workshop.ts";

let shop: Workshop;
beforeEach(() => {
  shop = openWorkshop("a", "b");
});
afterEach(() => shop.remove());

const settleMs = 300;
const scanner = () => new DropScanner({ settleMs, maxBytes: 1000 });
const nameOf = ({ name }: { name: string }) => name;

test("takes a memo at once when its digest vouches for it", async () => {
  drop(shop.node("a"), "x.md", toolMemo(["b"], "Hello"));
  const { ready, waiting } = await scanner().scan(shop.node("a"), Date.now());
  expect([ready.map(nameOf), waiting]).toEqual([["x.md"], []]);
});

test("waits for a memo whose digest does not match its body", async () => {
  drop(shop.node("a"), "x.md", toolMemo(["b"], "Hello").slice(0, -3));
  const { ready, waiting } = await scanner().scan(shop.node("a"), Date.now());
  expect([ready, waiting.map(nameOf)]).toEqual([[], ["x.md"]]);
});

test("takes any other file when it has been quiet for the settle time", async () => {
  const path = drop(shop.node("a"), "x.md", plainMemo("b", "Hello"));
  const one = scanner();
  const now = Date.now();
  expect((await one.scan(shop.node("a"), now)).waiting).toMatchObject([
    { name: "x.md", leftMs: settleMs, empty: false },
  ]);
  writeFileSync(path, plainMemo("b", "Hello and more"));
  expect((await one.scan(shop.node("a"), now + 299)).waiting).toMatchObject([{ leftMs: settleMs }]);
  expect((await one.scan(shop.node("a"), now + 500)).waiting).toMatchObject([{ leftMs: 99 }]);
  expect((await one.scan(shop.node("a"), now + 599)).ready.map(nameOf)).toEqual(["x.md"]);
});

test("takes a half-written memo as soon as its rest has come and its digest matches", async () => {
  const memo = toolMemo(["b"], "Hello");
  const path = drop(shop.node("a"), "x.md", memo.slice(0, 100));
  const one = scanner();
  expect((await one.scan(shop.node("a"), Date.now())).ready).toEqual([]);
  writeFileSync(path, memo);
  expect((await one.scan(shop.node("a"), Date.now())).ready.map(nameOf)).toEqual(["x.md"]);
});

const text = plainMemo("b", "Hello", "A text of some length.");
const half = text.slice(0, 30);

/** What programs do to a folder when they save `x.md`, step by step. */
const savings: Readonly<Record<string, readonly ((at: (name: string) => string) => void)[]>> = {
  "vim, which sets the old file aside": [
    (at) => writeFileSync(at(".x.md.swp"), "b0VIM"),
    (at) => writeFileSync(at("4913"), ""),
    (at) => rmSync(at("4913")),
    (at) => writeFileSync(at("x.md"), half),
    (at) => renameSync(at("x.md"), at("x.md~")),
    (at) => writeFileSync(at("x.md"), text),
    (at) => rmSync(at("x.md~")),
    (at) => rmSync(at(".x.md.swp")),
  ],
  "VS Code, which empties the file and writes it again": [
    (at) => writeFileSync(at("x.md"), ""),
    (at) => writeFileSync(at("x.md"), half),
    (at) => truncateSync(at("x.md")),
    (at) => writeFileSync(at("x.md"), text),
  ],
  "nano and cp, which write in place": [
    (at) => writeFileSync(at("x.md"), half),
    (at) => appendFileSync(at("x.md"), text.slice(30)),
  ],
  "gedit, which renames a temporary file over the old one": [
    (at) => writeFileSync(at("x.md"), half),
    (at) => writeFileSync(at(".goutputstream-ABC123"), text),
    (at) => renameSync(at(".goutputstream-ABC123"), at("x.md")),
  ],
  "Emacs, which locks with a link and saves beside": [
    (at) => symlinkSync("me@here.1", at(".#x.md")),
    (at) => writeFileSync(at("#x.md#"), half),
    (at) => writeFileSync(at("x.md"), text),
    (at) => rmSync(at("#x.md#")),
    (at) => rmSync(at(".#x.md")),
  ],
};

for (const [program, steps] of Object.entries(savings)) {
  test(`takes one whole memo from ${program}`, async () => {
    const one = scanner();
    const folder = outgoingFolder(shop.node("a").folder);
    let now = Date.now();
    for (const step of steps) {
      step((name) => join(folder, name));
      now += 100;
      expect((await one.scan(shop.node("a"), now)).ready).toEqual([]);
    }
    const { ready } = await one.scan(shop.node("a"), now + settleMs);
    const claims = await Promise.all(ready.map((drop) => claimDrop(drop, options)));
    expect(claims.map((claim) => [claim?.drop.name, claim?.bytes.toString()])).toEqual([["x.md", text]]);
  });
}

test("lets a person fill an empty file for a minute", async () => {
  const now = Date.now();
  utimesSync(drop(shop.node("a"), "x.md", ""), now / 1000, now / 1000);
  const one = scanner();
  expect((await one.scan(shop.node("a"), now)).waiting).toMatchObject([{ empty: true, leftMs: 60_000 }]);
  expect((await one.scan(shop.node("a"), now + 59_999)).ready).toEqual([]);
  expect((await one.scan(shop.node("a"), now + 60_000)).ready.map(nameOf)).toEqual(["x.md"]);
});

test("passes over hidden files and those that programs are still writing", () => {
  expect([".x.md", "x.md~", "x.tmp", "x.md.swp", "x.part", "#x.md#"].filter(isMemoName)).toEqual([]);
  expect(["x.md", "x", "X.MD", "a b.md", "x.tmp.md"].every(isMemoName)).toBe(true);
});

test("finds folders, links, pipes and files of other kinds", async () => {
  const folder = outgoingFolder(shop.node("a").folder);
  mkdirSync(join(folder, "folder"));
  symlinkSync("/etc/passwd", join(folder, "link.md"));
  execFileSync("mkfifo", [join(folder, "pipe.md")]);
  writeFileSync(join(folder, "picture.png"), "x");
  const one = scanner();
  await one.scan(shop.node("a"), Date.now());
  const { ready } = await one.scan(shop.node("a"), Date.now() + settleMs);
  expect(ready.map(nameOf)).toEqual(["folder", "link.md", "picture.png", "pipe.md"]);
});

test("tells a delivered memo from a drop in an inbox by its header, not by its name", async () => {
  const [a, b] = [shop.node("a"), shop.node("b")];
  drop(a, "hello.md", toolMemo(["b"], "Hello"));
  await routeAll(a, shop.root);
  const [delivered] = inbox(b);
  drop(b, `copied-${delivered?.slice(-8)}`, toolMemo(["b"], "Not delivered"), "incoming");
  drop(b, "by-hand.md", plainMemo("b", "By hand"), "incoming");
  const one = new DropScanner({ settleMs: 0, maxBytes: 1000 });
  for (const round of [1, 2]) {
    const { ready } = await one.scan(b, Date.now());
    expect(ready.map(nameOf), `scan ${round}`).toEqual(["by-hand.md", `copied-${delivered?.slice(-8)}`]);
  }
});

test("notices that a delivered memo was replaced by a drop of the same name after it had gone", async () => {
  const b = shop.node("b");
  const memo = toolMemo(["b"], "Hello");
  const name = `2026-11-21-hello-${/^id: \w{21}(\w{5})$/m.exec(memo)?.[1]?.toLowerCase()}.md`;
  const path = drop(b, name, withHeader(memo, { delivered: "2026-11-21" }), "incoming");
  const one = new DropScanner({ settleMs: 0, maxBytes: 1000 });
  expect((await one.scan(b, Date.now())).ready).toEqual([]);
  rmSync(path);
  await one.scan(b, Date.now());
  drop(b, name, memo, "incoming");
  expect((await one.scan(b, Date.now())).ready.map(nameOf)).toEqual([name]);
});

test("takes a limited number at a time and forgets nothing of the others", async () => {
  for (let i = 0; i < 5; i += 1) drop(shop.node("a"), `${i}.md`, plainMemo("b", `Memo ${i}`));
  const one = scanner();
  const now = Date.now();
  await one.scan(shop.node("a"), now);
  const { ready } = await one.scan(shop.node("a"), now + settleMs, 2);
  expect(ready.map(nameOf)).toEqual(["0.md", "1.md"]);
  for (const each of ready) await claimDrop(each, options);
  expect((await one.scan(shop.node("a"), now + settleMs)).ready.map(nameOf)).toEqual(["2.md", "3.md", "4.md"]);
});

test("reports a mailbox that is a link or no folder, and reads the other one", async () => {
  const a = shop.node("a");
  rmSync(outgoingFolder(a.folder), { recursive: true });
  symlinkSync(outgoingFolder(shop.node("b").folder), outgoingFolder(a.folder));
  drop(shop.node("b"), "x.md", toolMemo(["a"], "Not mine"));
  drop(a, "y.md", toolMemo(["a"], "Mine"), "incoming");
  const { ready, problems } = await scanner().scan(a, Date.now());
  expect([ready.map(nameOf), problems.map(({ code }) => code)]).toEqual([["y.md"], ["mailbox.folder.not-a-folder"]]);
  rmSync(outgoingFolder(a.folder));
  writeFileSync(outgoingFolder(a.folder), "");
  expect((await scanner().scan(a, Date.now())).problems.map(({ code }) => code)).toEqual([
    "mailbox.folder.not-a-folder",
  ]);
});

test("reports a node whose folder was removed, and finds it again when it is back", async () => {
  const a = shop.node("a");
  drop(a, "x.md", toolMemo(["b"], "Hello"));
  renameSync(a.folder, `${a.folder}-away`);
  const one = scanner();
  const { problems } = await one.scan(a, Date.now());
  expect(problems.map(({ code, exit }) => [code, exit])).toContainEqual(["mailbox.node-missing", 75]);
  renameSync(`${a.folder}-away`, a.folder);
  expect((await one.scan(a, Date.now())).ready.map(nameOf)).toEqual(["x.md"]);
});

test("finds nothing and complains of nothing where a mailbox has no folders yet", async () => {
  const a = shop.node("a");
  rmSync(join(a.folder, "memos"), { recursive: true });
  expect(await scanner().scan(a, Date.now())).toEqual({ ready: [], waiting: [], left: [], problems: [] });
  expect(names(incomingFolder(a.folder))).toEqual([]);
});
