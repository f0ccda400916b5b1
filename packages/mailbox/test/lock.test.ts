import { existsSync, linkSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { MeshError } from "@memomesh/core";
import { afterEach, beforeEach, expect, test } from "vitest";
import { acquireLock, type LockHolder, lockHolder } from "../src/index.ts";
import { succeed } from "../src/succession.ts";
import { type Child, startChild } from "./process.ts";
import { names, openWorkshop, type Workshop } from "./workshop.ts";

let shop: Workshop;
let path: string;
beforeEach(() => {
  shop = openWorkshop();
  path = join(shop.root, ".memomesh", "coordinator.lock");
});
afterEach(() => shop.remove());

async function dieWithLock(): Promise<LockHolder> {
  const child = startChild("lock-and-die", shop.root);
  expect(await child.line()).toBe("locked");
  expect((await child.end).signal).toBe("SIGKILL");
  return JSON.parse(readFileSync(path, "utf8")) as LockHolder;
}

/** Starts them, lets them begin at the same moment, and returns what each says while all of them live. */
async function race(children: readonly Child[]): Promise<(string | undefined)[]> {
  for (const child of children) expect(await child.line()).toBe("ready");
  for (const child of children) child.process.stdin.write("go\n");
  const said = await Promise.all(children.map((child) => child.line()));
  for (const child of children) child.process.stdin.end();
  await Promise.all(children.map((child) => child.end));
  return said;
}

test("tells the second coordinator who holds the mesh, and to try again", async () => {
  await acquireLock(shop.root, "memomesh watch", new Date("2026-11-21T10:00:00Z"));
  const refused = (await acquireLock(shop.root, "memomesh run").catch((error) => error)) as MeshError;
  expect(refused).toMatchObject({ code: "mesh.locked", exit: 75 });
  expect(refused.message).toContain(`"memomesh watch"`);
  expect(refused.message).toContain(`process ${process.pid} on `);
  expect(refused.message).toContain("2026-11-21T10:00:00.000Z");
});

test("is free again when it was released", async () => {
  const lock = await acquireLock(shop.root, "memomesh run");
  expect(lockHolder(shop.root)?.pid).toBe(process.pid);
  await lock.release();
  expect(lockHolder(shop.root)).toBeUndefined();
  await acquireLock(shop.root, "memomesh run");
  expect(names(join(shop.root, ".memomesh"))).toEqual(["coordinator.lock"]);
});

test("is taken over from a holder that was killed", async () => {
  const dead = await dieWithLock();
  expect(lockHolder(shop.root)).toBeUndefined();
  const { holder } = await acquireLock(shop.root, "memomesh run");
  expect(holder.process).not.toBe(dead.process);
  expect(lockHolder(shop.root)).toEqual(holder);
  expect(names(join(shop.root, ".memomesh"))).toEqual(["coordinator.lock"]);
});

test("is taken over when another process has got the dead holder's number", async () => {
  const { holder } = await acquireLock(shop.root, "memomesh watch");
  const reused = { ...holder, process: holder.process.replace(/\.[0-9a-f]+$/, ".00000000") };
  writeFileSync(path, JSON.stringify(reused));
  await acquireLock(shop.root, "memomesh run");
});

test("is not broken when its holder is on another machine, and says what to do", async () => {
  mkdirSync(join(shop.root, ".memomesh"));
  const holder = {
    pid: 1,
    host: "elsewhere",
    command: "memomesh watch",
    since: "2026-11-21T10:00:00Z",
    process: "0123abcd.1.0123abcd",
  };
  writeFileSync(path, JSON.stringify(holder));
  await expect(acquireLock(shop.root, "memomesh run")).rejects.toThrow(
    /on elsewhere.*delete .*coordinator\.lock when that machine is gone/,
  );
});

test("is not broken when it cannot be read", async () => {
  mkdirSync(join(shop.root, ".memomesh"));
  writeFileSync(path, "");
  await expect(acquireLock(shop.root, "memomesh run")).rejects.toMatchObject({
    code: "mesh.lock.unreadable",
    exit: 75,
  });
});

test("does not take away a lock that somebody else has by now", async () => {
  const lock = await acquireLock(shop.root, "memomesh run");
  const other = JSON.stringify({ ...lock.holder, process: "0123abcd.1.0123abcd" });
  writeFileSync(path, other);
  await lock.release();
  expect(readFileSync(path, "utf8")).toBe(other);
});

test("goes to one of those who want it when nobody has it", async () => {
  const said = await race([1, 2, 3].map(() => startChild("lock", shop.root)));
  expect(said.toSorted()).toEqual(["mesh.locked", "mesh.locked", "won"]);
});

test("goes to one of those who break it at the same time", async () => {
  for (let round = 0; round < 2; round += 1) {
    await dieWithLock();
    const said = await race([1, 2, 3, 4].map(() => startChild("lock", shop.root)));
    expect(said.toSorted()).toEqual(["mesh.locked", "mesh.locked", "mesh.locked", "won"]);
  }
});

test("can be broken when the one who was about to break it died", async () => {
  const dead = await dieWithLock();
  const breaker = { ...dead, process: dead.process.replace(/\.[0-9a-f]+$/, ".00000000") };
  writeFileSync(`${path}.after-${dead.process}`, JSON.stringify(breaker));
  await acquireLock(shop.root, "memomesh run");
  expect(names(join(shop.root, ".memomesh"))).toEqual(["coordinator.lock"]);
});

test("is not taken from its new holder by a breaker who was slow", async () => {
  const dead = await dieWithLock();
  const { holder } = await acquireLock(shop.root, "memomesh watch");
  const written = join(shop.root, "slow");
  writeFileSync(written, JSON.stringify({ ...holder, command: "memomesh run" }));
  expect(await succeed(path, written, dead)).toBe(false);
  expect(lockHolder(shop.root)).toEqual(holder);
  expect(names(join(shop.root, ".memomesh"))).toEqual(["coordinator.lock"]);
});

test("is left to the one who is about to break it", async () => {
  const dead = await dieWithLock();
  const breaker = join(shop.root, "breaker");
  writeFileSync(breaker, JSON.stringify({ ...dead, process: (await ownName()).process }));
  linkSync(breaker, `${path}.after-${dead.process}`);
  await expect(acquireLock(shop.root, "memomesh run")).rejects.toMatchObject({ code: "mesh.locked" });
  expect(existsSync(path)).toBe(true);
});

async function ownName(): Promise<LockHolder> {
  const elsewhere = openWorkshop();
  const { holder } = await acquireLock(elsewhere.root, "memomesh watch");
  elsewhere.remove();
  return holder;
}
