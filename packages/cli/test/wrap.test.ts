import { describe, expect, test } from "vitest";
import { columnsOf, wrapExactly, wrapWords } from "../src/wrap.ts";

describe("lines on a screen", () => {
  test("commands are broken into rows that put together are the command again", () => {
    const command = 'cp -R "$MESH/projects/developer/dist/." releases/2026-11-21-1.4.2\t# 新しい';
    for (const width of [7, 20, 40]) {
      const rows = wrapExactly(command, width);
      expect(rows.join("")).toBe(command);
      for (const row of rows) expect(columnsOf(row)).toBeLessThanOrEqual(width + 1);
    }
  });

  test("prose is broken between words, and goes on below the text of its list item", () => {
    expect(wrapWords("- keep the previous release", 16)).toEqual(["- keep the", "  previous", "  release"]);
  });

  test("a word that is longer than the screen is broken", () => {
    expect(wrapWords("see abcdefghijkl", 6)).toEqual(["see", "abcdef", "ghijkl"]);
  });

  test("nothing is broken in a pipe", () => {
    expect(wrapWords("a b c", undefined)).toEqual(["a b c"]);
    expect(wrapExactly("a b c", undefined)).toEqual(["a b c"]);
  });

  test("wide characters take two columns", () => {
    expect(columnsOf("新")).toBe(2);
    expect(columnsOf("é")).toBe(1);
  });
});
