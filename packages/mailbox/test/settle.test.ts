import { expect, test } from "vitest";
import { type Sighting, type Stamp, settle } from "../src/settle.ts";

const now = 1_800_000_000_000;
const fresh: Stamp = { ino: 1, size: 10, mtimeMs: now };

function see(stamp: Stamp, at: number, before?: Sighting) {
  return settle(before, stamp, at, 300);
}

test("lets a new file wait for the whole settle time", () => {
  expect(see(fresh, now).leftMs).toBe(300);
});

test("counts the time in which a file stayed as it is", () => {
  const first = see(fresh, now);
  const second = see(fresh, now + 200, first.seen);
  expect(second.leftMs).toBe(100);
  expect(see(fresh, now + 300, second.seen).leftMs).toBe(0);
});

test("begins anew when the file has grown, was written again or was replaced", () => {
  const first = see(fresh, now);
  for (const change of [{ size: 11 }, { mtimeMs: now + 1 }, { ino: 2 }]) {
    expect(see({ ...fresh, ...change }, now + 299, first.seen).leftMs).toBe(300);
  }
});

test("takes a file at first sight that was last written long ago", () => {
  expect(see({ ...fresh, mtimeMs: now - 3000 }, now).leftMs).toBe(0);
  expect(see({ ...fresh, mtimeMs: now - 2999 }, now).leftMs).toBe(300);
});

test("does not wait longer when the clock is set back", () => {
  const first = see(fresh, now);
  const back = see(fresh, now - 3_600_000, first.seen);
  expect(back.leftMs).toBeLessThanOrEqual(300);
  expect(see(fresh, now - 3_600_000 + 300, back.seen).leftMs).toBe(0);
});

test("takes everything at once when the settle time is 0", () => {
  expect(settle(undefined, { ...fresh, mtimeMs: now + 9999 }, now, 0).leftMs).toBe(0);
});
