import { describe, expect, test } from "vitest";
import { jsonText } from "../src/output.ts";
import { block, paint, table, text } from "../src/text.ts";

describe("text for a terminal", () => {
  test("shows what a terminal would obey or hide", () => {
    const hostile = "a\u001b[2Jb\rc\u202Ed";
    expect(text`memo: ${hostile}`.plain).not.toMatch(/[\u001b\r\u202E]/u);
    expect(text`memo: ${hostile}`.plain).toContain("U+202E");
  });

  test("keeps its own colours and adds none to the plain form", () => {
    const line = text`${paint("red", "error")}  ${"no node"}`;
    expect(line.plain).toBe("error  no node");
    expect(line.painted).toBe("\u001b[31merror\u001b[39m  no node");
  });

  test("does not let untrusted text pass for a colour", () => {
    expect(paint("green", "\u001b[31mred").painted).not.toContain("\u001b[31m");
  });

  test("keeps line ends in a block and nowhere else", () => {
    expect(block("one\ntwo").plain).toBe("one\ntwo");
    expect(text`${"one\ntwo"}`.plain).not.toContain("\n");
  });

  test("aligns columns by what is seen, not by colour codes, and leaves no space at the end of a line", () => {
    const lines = table(
      [
        [paint("red", "a"), "first", ""],
        ["long", "second", "third"],
      ],
      2,
    );
    expect(lines.map((line) => line.plain)).toEqual(["  a     first", "  long  second  third"]);
  });
});

describe("JSON for a program", () => {
  test("reads back as the same value and holds nothing that a terminal obeys", () => {
    const value = { subject: "a\u009b2J\u202E\u{1F3F4}\u{E0067}é", list: [1, null] };
    expect(JSON.parse(jsonText(value, 2))).toEqual(value);
    expect(jsonText(value)).not.toMatch(/[\p{Cc}\p{Cf}]/u);
    expect(jsonText(value)).toContain("é");
  });
});
