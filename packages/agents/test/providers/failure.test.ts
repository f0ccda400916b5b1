import { expect, test } from "vitest";
import { failureOf, kindOf, retryDelay } from "../../src/providers/failure.ts";

const now = Date.parse("2026-11-21T10:00:00Z");
const headers = (of: Readonly<Record<string, string>>) => ({ header: (name: string) => of[name] });

test.each([
  [{ "retry-after": "30" }, 30_000],
  [{ "retry-after": "1.5" }, 1_500],
  [{ "retry-after": "Sat, 21 Nov 2026 10:01:00 GMT" }, 60_000],
  [{ "retry-after": "Sat, 21 Nov 2026 09:00:00 GMT" }, 0],
  [{ "retry-after-ms": "250", "retry-after": "30" }, 250],
  [{ "retry-after-ms": "soon", "retry-after": "30" }, 30_000],
  [{ "retry-after": "soon" }, undefined],
  [{ "retry-after": "-3" }, undefined],
  [{}, undefined],
])("reads %j as %s ms", (of, delay) => {
  const read = retryDelay(headers(of as Record<string, string>), now);
  expect(read).toBe(delay);
});

test("knows what no status and no known word means: the call may succeed later", () => {
  expect(kindOf({ status: undefined, code: "", message: "" })).toBe("unavailable");
});

test("says what to do, in one line, however much the vendor said", () => {
  const failed = failureOf(
    "The vendor",
    { status: 401, code: "", message: `wrong\n  key ${"x".repeat(2000)}`, header: () => undefined },
    undefined,
  );
  expect(failed.message).toMatch(/^The vendor refused the call \(401\): wrong key x+… Check the agent's key/);
  expect(failed.message.length).toBeLessThan(800);
});
