import { randomInt } from "node:crypto";
import { watch } from "node:fs";
import { incomingFolder, outgoingFolder } from "@memomesh/core";
import { afterEach, beforeEach, expect, test } from "vitest";
import { startChild } from "./process.ts";
import {
  claimAll,
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
  shop = openWorkshop("sender", "first", "second");
});
afterEach(() => shop.remove());

test("delivers each of 1,000 memos once when two routers race", { timeout: 120_000 }, async () => {
  const sender = shop.node("sender");
  for (let i = 0; i < 1000; i += 1)
    drop(sender, `memo-${i}.md`, i % 2 ? plainMemo("first", `Memo ${i}`) : toolMemo(["first"], `Memo ${i}`));
  const routers = [startChild("route", shop.root, "sender"), startChild("route", shop.root, "sender")];
  for (const router of routers) expect(await router.line()).toBe("ready");
  for (const router of routers) router.process.stdin.write("go\n");
  const said = await Promise.all(routers.map((router) => router.line()));
  await Promise.all(routers.map((router) => router.end));

  const counts = said.map((line) => Number(line?.split(" ")[1]));
  expect(counts[0]! + counts[1]!).toBe(1000);
  expect(new Set(received(shop.node("first")).map((text) => /^# (.*)$/m.exec(text)?.[1])).size).toBe(1000);
  expect(inbox(shop.node("first"))).toHaveLength(1000);
  expect(names(outgoingFolder(sender.folder))).toEqual([]);
});

test("delivers every memo once however often the router is killed in the middle", { timeout: 120_000 }, async () => {
  const sender = shop.node("sender");
  const subjects = Array.from({ length: 300 }, (_, index) => `Memo ${index}`);
  for (const [index, subject] of subjects.entries()) {
    drop(
      sender,
      `${subject}.md`,
      index % 2 ? plainMemo("first, second", subject) : toolMemo(["first", "second"], subject),
    );
  }
  const kills: number[] = [];
  for (let round = 0; round < 10; round += 1) {
    const after = randomInt(1, 120);
    const signal = await killAfterEvents("sender", after);
    if (signal !== null) kills.push(after);
  }
  expect(kills).not.toEqual([]);
  await routeAll(sender, shop.root);

  for (const id of ["first", "second"]) {
    expect(await claimAll(shop.node(id)), "nothing in an inbox is taken for a drop").toEqual([]);
    const arrived = received(shop.node(id)).map((text) => /^# (.*)$/m.exec(text)?.[1]);
    expect(arrived.toSorted(), `killed after ${kills} events`).toEqual(subjects.toSorted());
  }
  expect(names(outgoingFolder(sender.folder))).toEqual([]);
});

/** Starts a router and kills it when so many things have happened in the second inbox, unless it ends before. */
async function killAfterEvents(id: string, events: number): Promise<NodeJS.Signals | null> {
  const router = startChild("route", shop.root, id);
  let left = events;
  const watcher = watch(incomingFolder(shop.node("second").folder), () => {
    left -= 1;
    if (left === 0) router.process.kill("SIGKILL");
  });
  expect(await router.line()).toBe("ready");
  router.process.stdin.write("go\n");
  const { signal } = await router.end;
  watcher.close();
  return signal;
}
