import { describe, expect, test } from "vitest";
import { matchText, readQuery } from "../../src/index/query.ts";

const now = new Date(2026, 10, 21, 12).getTime();
const read = (text: string) => readQuery(text, now);

describe("readQuery", () => {
  test("takes words, phrases and filters apart", () => {
    expect(read('deploy "port 8080" from:developer TO:ops type:alert')).toMatchObject({
      words: ["deploy", "port 8080"],
      filters: [
        { name: "from", value: "developer" },
        { name: "to", value: "ops" },
        { name: "type", value: "alert" },
      ],
      notes: [],
    });
  });

  test.each([
    ["after:2026-11-20", new Date(2026, 10, 20).getTime(), undefined],
    ["after:2026-10", new Date(2026, 9, 1).getTime(), undefined],
    ["after:3d", now - 3 * 86_400_000, undefined],
    ['after:"2 weeks ago"', now - 14 * 86_400_000, undefined],
    ["after:yesterday", new Date(2026, 10, 20).getTime(), undefined],
    ["before:2026-11-20", undefined, new Date(2026, 10, 21).getTime() - 1],
    ["before:2026-11-20T10:00:00Z", undefined, Date.parse("2026-11-20T10:00:00Z")],
  ])("reads %s", (text, after, before) => {
    expect(read(text)).toMatchObject({ words: [], after, before });
  });

  test("searches what is no date as words, and says so", () => {
    const { words, notes } = read("after:lunch");
    expect(words).toEqual(["after", "lunch"]);
    expect(notes).toEqual(["after:lunch is no date; expected after:2026-11-21, or after:3d for three days ago."]);
  });

  test("leaves out what holds no letter or digit, and bounds what is left", () => {
    expect(read('* ^ - "" ( ) deploy')).toMatchObject({ words: ["deploy"] });
    const long = read(Array.from({ length: 900 }, (_, index) => `w${index}`).join(" "));
    expect(long.words).toHaveLength(16);
    expect(long.notes).toHaveLength(2);
  });
});

describe("matchText", () => {
  test("makes every word a string of FTS5", () => {
    expect(matchText({ ...read(""), words: ['say "hi"', "NEAR"] })).toBe('({title body} : ("say ""hi""" AND "NEAR"))');
    expect(matchText(read(""))).toBeUndefined();
  });
});
