import { describe, expect, test } from "vitest";
import { misleadingParts } from "../src/index.ts";
import { type LyingText, texts } from "./corpus/texts.ts";

const rows = texts.map((each): [string, LyingText] => [`${JSON.stringify(each[0]).slice(0, 60)} is ${each[2]}`, each]);

describe("a reader hears of a text that lies, and of no other", () => {
  test.each(rows)("%s", (_, [text, form, lie, because = /./]) => {
    const found = misleadingParts(text, form);
    if (lie === "honest") expect(found).toEqual([]);
    else {
      expect(found.map(({ kind }) => kind)).toContain(lie);
      expect(found.map(({ reason }) => reason).join("\n")).toMatch(because);
    }
    for (const { start, end } of found) expect(0 <= start && start < end && end <= text.length).toBe(true);
  });
});

test("a long text is looked through to its end", () => {
  const shapes = [
    "<!--",
    "[a](",
    "[x]: ",
    "<a href=",
    "`",
    "```\n",
    "https://",
    " ",
    "\n",
    "а",
    "<div ",
    "![",
    "[",
    "<",
    "](",
    "\t\n",
  ];
  for (const shape of shapes) {
    const text = shape.repeat(Math.ceil(60_000 / shape.length));
    expect(Array.isArray(misleadingParts(text, "markdown")), shape).toBe(true);
    expect(Array.isArray(misleadingParts(text, "command")), shape).toBe(true);
  }
});
