import { execFileSync } from "node:child_process";
import {
  appendFileSync,
  chmodSync,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { archivedPath, incomingFolder, newId, outgoingFolder, parseMemo } from "@memomesh/core";
import { afterEach, beforeEach, expect, test } from "vitest";
import { deliverAll, findMemo } from "../src/index.ts";
import { startChild } from "./process.ts";
import {
  claimAll,
  deliveryOf,
  drop,
  inbox,
  names,
  openWorkshop,
  plainMemo,
  received,
  routeAll,
  toolMemo,
  type Workshop,
} from "./workshop.ts";

let shop: Workshop;
beforeEach(() => {
  shop = openWorkshop("a", "b", "c");
});
afterEach(() => shop.remove());

const stateOf = ({ state }: { state: string }) => state;

test("delivers a memo under a name of day, subject and id, and removes it from outgoing", async () => {
  const [a, b] = [shop.node("a"), shop.node("b")];
  drop(a, "anything.md", plainMemo("b", "Deploy shop 1.4.2", "Now."));
  const [result] = await routeAll(a, shop.root);
  expect(result?.state).toBe("delivered");
  expect(inbox(b)).toEqual([expect.stringMatching(/^\d{4}-\d\d-\d\d-deploy-shop-1-4-2-[0-9a-z]{5}\.md$/)]);
  const memo = parseMemo(received(b)[0] ?? "", "x");
  expect(memo.header).toMatchObject({ from: "a", id: result?.delivery.id });
  expect(memo.body).toBe("# Deploy shop 1.4.2\n\nNow.\n");
  expect(names(outgoingFolder(a.folder))).toEqual([]);
});

test("delivers to several recipients, each with a file of its own", async () => {
  drop(shop.node("a"), "x.md", plainMemo("[b, c]", "Hello"));
  const [result] = await routeAll(shop.node("a"), shop.root);
  expect(result).toMatchObject({
    state: "delivered",
    copies: [
      { node: "b", fresh: true },
      { node: "c", fresh: true },
    ],
  });
  const [copy = ""] = inbox(shop.node("b"));
  writeFileSync(join(incomingFolder(shop.node("b").folder), copy), "changed");
  expect(received(shop.node("c"))[0]).toContain("# Hello");
});

test("delivers two drops with the same file name, each once", async () => {
  drop(shop.node("a"), "x.md", plainMemo("b", "First"));
  const first = await claimAll(shop.node("a"));
  drop(shop.node("a"), "x.md", plainMemo("b", "Second"));
  const second = await claimAll(shop.node("a"));
  const results = await deliverAll([...first, ...second].map((claim) => deliveryOf(claim, shop.root)));
  expect(results.map(stateOf)).toEqual(["delivered", "delivered"]);
  expect(inbox(shop.node("b"))).toHaveLength(2);
});

test("says of a second copy with the same id and content that it is a duplicate, at once and later", async () => {
  const [a, b] = [shop.node("a"), shop.node("b")];
  const text = toolMemo(["b"], "Hello");
  drop(a, "x.md", text);
  drop(a, "y.md", text);
  expect((await routeAll(a, shop.root)).map(stateOf)).toEqual(["delivered", "duplicate"]);
  drop(a, "z.md", text);
  expect((await routeAll(a, shop.root)).map(stateOf)).toEqual(["duplicate"]);
  expect(inbox(b)).toHaveLength(1);
  expect(names(outgoingFolder(a.folder))).toEqual([]);
});

test("recognises a duplicate of a memo that was completed and archived", async () => {
  const [a, b] = [shop.node("a"), shop.node("b")];
  const text = toolMemo(["b"], "Hello");
  drop(a, "x.md", text);
  await routeAll(a, shop.root);
  const path = join(incomingFolder(b.folder), inbox(b)[0] ?? "");
  const archived = archivedPath(b.folder, new Date(), path);
  mkdirSync(dirname(archived), { recursive: true });
  renameSync(path, archived);
  appendFileSync(archived, "\n## Completion\nDone.\n");
  drop(a, "x.md", text);
  const [result] = await routeAll(a, shop.root);
  expect(result).toMatchObject({
    state: "duplicate",
    copies: [{ path: archived, fresh: false }],
  });
  expect(inbox(b)).toEqual([]);
});

test("finds a conflict when the same id comes with other content, and writes to nobody", async () => {
  const a = shop.node("a");
  const id = newId(Date.now());
  drop(a, "x.md", toolMemo(["b"], "Hello", "One.", id));
  await routeAll(a, shop.root);
  drop(a, "x.md", toolMemo(["c", "b"], "Hello", "Two.", id));
  const [claim] = await claimAll(a);
  const [result] = await deliverAll([deliveryOf(claim!, shop.root)]);
  expect(result).toMatchObject({
    state: "conflict",
    node: "b",
    path: join(incomingFolder(shop.node("b").folder), inbox(shop.node("b"))[0]!),
  });
  expect(inbox(shop.node("c"))).toEqual([]);
  expect(existsSync(claim!.path)).toBe(true);
});

test("never overwrites: a name that another memo has gets a number before the id", async () => {
  const [a, b] = [shop.node("a"), shop.node("b")];
  drop(a, "x.md", toolMemo(["b"], "Hello"));
  const [claim] = await claimAll(a);
  const delivery = deliveryOf(claim!, shop.root);
  drop(b, delivery.fileName, "mine", "incoming");
  const [result] = await deliverAll([delivery]);
  expect(result?.state).toBe("delivered");
  expect(readFileSync(join(incomingFolder(b.folder), delivery.fileName), "utf8")).toBe("mine");
  expect(inbox(b)).toContain(delivery.fileName.replace(/-(.{5}\.md)$/, "-2-$1"));
  expect(result).toMatchObject({ copies: [{ path: await findMemo(b, delivery.id) }] });
});

test("delivers to the recipient that was missing when a process died between two of them", async () => {
  const a = shop.node("a");
  drop(a, "x.md", plainMemo("[b, c]", "Hello"));
  const child = startChild("claim-and-die", shop.root, "a");
  await child.end;
  const [claim] = await claimAll(a);
  const whole = deliveryOf(claim!, shop.root);
  await deliverAll([{ ...whole, recipients: whole.recipients.slice(0, 1) }]);
  writeFileSync(claim!.path, claim!.bytes as Buffer);

  const results = await routeAll(a, shop.root);
  expect(results).toMatchObject([
    {
      state: "delivered",
      copies: [
        { node: "b", fresh: false },
        { node: "c", fresh: true },
      ],
    },
  ]);
  expect([inbox(shop.node("b")).length, inbox(shop.node("c")).length]).toEqual([1, 1]);
});

test("keeps the claim and its id when a recipient's folder is no folder, and delivers when it is mended", async () => {
  const [a, b, c] = [shop.node("a"), shop.node("b"), shop.node("c")];
  rmSync(incomingFolder(c.folder), { recursive: true });
  writeFileSync(incomingFolder(c.folder), "");
  drop(a, "x.md", plainMemo("[b, c]", "Hello"));
  const [failed] = await routeAll(a, shop.root);
  expect(failed).toMatchObject({
    state: "failed",
    copies: [{ node: "b" }],
    error: { code: "mailbox.folder.not-a-folder", exit: 77 },
  });
  expect(names(outgoingFolder(a.folder))).toHaveLength(1);

  rmSync(incomingFolder(c.folder));
  const [mended] = await routeAll(a, shop.root);
  expect(mended).toMatchObject({ state: "delivered", delivery: { id: failed?.delivery.id } });
  expect([inbox(b).length, inbox(c).length]).toEqual([1, 1]);
  expect(names(outgoingFolder(a.folder))).toEqual([]);
});

test("does not make the folder of a node again that was removed", async () => {
  const [a, b] = [shop.node("a"), shop.node("b")];
  drop(a, "x.md", plainMemo("b", "Hello"));
  renameSync(b.folder, `${b.folder}-away`);
  const [failed] = await routeAll(a, shop.root);
  expect(failed).toMatchObject({ state: "failed", error: { code: "mailbox.node-missing", exit: 75 } });
  expect(existsSync(b.folder)).toBe(false);
  renameSync(`${b.folder}-away`, b.folder);
  expect((await routeAll(a, shop.root)).map(stateOf)).toEqual(["delivered"]);
});

test("makes an inbox that a node does not have yet", async () => {
  const [a, b] = [shop.node("a"), shop.node("b")];
  rmSync(join(b.folder, "memos"), { recursive: true });
  for (let i = 0; i < 5; i += 1) drop(a, `${i}.md`, plainMemo("b", `Memo ${i}`));
  expect((await routeAll(a, shop.root)).map(stateOf)).toEqual(Array(5).fill("delivered"));
  expect(inbox(b)).toHaveLength(5);
});

test("loses nothing when the disk takes only a part of what is written", async () => {
  const [a, b] = [shop.node("a"), shop.node("b")];
  drop(a, "long.md", toolMemo(["b"], "Long", "text ".repeat(20_000)));
  drop(a, "short.md", toolMemo(["b"], "Short"));
  // A limit on the size of files, in KiB, is a fault that the system really raises, also for root (EFBIG).
  const child = startChild("route", shop.root, "a", "ulimit -f 32");
  expect(await child.line()).toBe("ready");
  child.process.stdin.write("go\n");
  expect([await child.line(), await child.line()]).toEqual(["delivered 1", "failed mailbox.disk-full 75"]);
  await child.end;
  expect(received(b).map((text) => parseMemo(text, "x").header.subject)).toEqual(["Short"]);

  await routeAll(a, shop.root);
  expect(
    received(b)
      .map((text) => parseMemo(text, "x").header.subject)
      .sort(),
  ).toEqual(["Long", "Short"]);
  expect(inbox(b).filter((name) => name.startsWith("."))).toEqual([]);
});

test("says that somebody has to allow it when an inbox is read-only, and delivers when it is allowed", async () => {
  const [a, b] = [shop.node("a"), shop.node("b")];
  chmodSync(incomingFolder(b.folder), 0o555);
  drop(a, "x.md", plainMemo("b", "Hello"));
  const child = startChild("route", shop.root, "a", ":", ordinaryUser(shop.root));
  expect(await child.line()).toBe("ready");
  child.process.stdin.write("go\n");
  expect([await child.line(), await child.line()]).toEqual(["delivered 0", "failed mailbox.not-permitted 77"]);
  await child.end;
  chmodSync(incomingFolder(b.folder), 0o755);
  expect((await routeAll(a, shop.root)).map(stateOf)).toEqual(["delivered"]);
});

/** Root may write anywhere; a process that is to be refused runs as somebody else, who owns the workshop. */
function ordinaryUser(root: string): { uid?: number; gid?: number } {
  if (process.getuid?.() !== 0) return {};
  const nobody = 65_534;
  execFileSync("chown", ["-R", `${nobody}:${nobody}`, root]);
  return { uid: nobody, gid: nobody };
}
