import { execFileSync } from "node:child_process";
import { describe, expect, it } from "vitest";
import { archivedPath, idSuffix, idTime, isId, memoFileName, newId } from "../src/index.ts";
import { refusal } from "./refusal.ts";

describe("newId", () => {
  it("gives ids that grow, within one millisecond and when the clock goes back", () => {
    // Later than what any other test has asked for: ids grow.
    const time = Date.UTC(2126, 10, 21);
    const ids = [newId(time), newId(time), newId(time - 5000), newId(time + 1)];
    expect(ids.toSorted()).toEqual(ids);
    expect(new Set(ids).size).toBe(4);
    expect(ids.every(isId)).toBe(true);
    expect(idTime(ids[0] as string)).toBe(time);
  });

  it("tells ids from other texts", () => {
    expect(
      [
        "",
        "01jd8q5t3zk3n6v9y2m4r7w1xb",
        "81JD8Q5T3ZK3N6V9Y2M4R7W1XB",
        "01JD8Q5T3ZK3N6V9Y2M4R7W1XU",
        "01JD8Q5T3ZK3N6V9Y2M4R7W1XB\n",
      ].some(isId),
    ).toBe(false);
    expect(refusal(() => idTime("x")).code).toBe("id.invalid");
    expect(idSuffix("01JD8Q5T3ZK3N6V9Y2M4R7W1XB")).toBe("7w1xb");
  });
});

describe("memoFileName", () => {
  const id = "01JD8Q5T3ZK3N6V9Y2M4R7W1XB";
  it.each([
    ["Deploy shop 1.4.2 to staging", "deploy-shop-1-4-2-staging"],
    ["Über Café", "uber-cafe"],
    ["../../etc/passwd", "etc-passwd"],
    ["to the", "to-the"],
    ["部署", "memo"],
    ["", "memo"],
    ["x".repeat(300), "x".repeat(60)],
    [`${"word ".repeat(30)}`, Array(12).fill("word").join("-")],
  ])("names a file after %j", (subject, slug) => {
    expect(memoFileName(subject, "2026-11-21T10:12:00Z", id)).toBe(`2026-11-21-${slug}-7w1xb.md`);
  });
});

it("archives by the month in which a memo was done", () => {
  expect(archivedPath("/m/shop", new Date("2026-11-30T23:59:59Z"), "/m/shop/memos/incoming/a.md")).toBe(
    "/m/shop/memos/archived/2026/11/a.md",
  );
});

it("does not load the Markdown parser for those who only route", () => {
  const script = `
    import { registerHooks } from "node:module";
    const loaded = [];
    registerHooks({ resolve(name, context, next) { const found = next(name, context); loaded.push(found.url); return found; } });
    await import("@memomesh/core");
    console.log(loaded.filter((url) => /remark|micromark|unified/.test(url)).length, loaded.some((url) => url.endsWith("memo.ts")));`;
  const printed = execFileSync(process.execPath, ["--input-type=module", "-e", script], {
    cwd: import.meta.dirname,
    encoding: "utf8",
  });
  expect(printed).toBe("0 true\n");
});
