import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { safeText, unsafeCharacters } from "../src/index.ts";

const unchanged = [
  "plain text, with 1 number & some $ymbols!",
  "Grüße aus Köln",
  "日本語の文",
  "العربية",
  "हिन्दी",
  "naïve café",
  "e\u0301 composed of two",
  "👍 done",
  "👩‍💻 works",
  "❤️ red",
  "👋🏽 hello",
  "press 1\ufe0f\u20e3, when a =\u0338 b",
  "— “quotes” … and – dashes",
  "a‹U+0041›b",
  "",
];

const changed: readonly (readonly [text: string, shown: string, name: RegExp])[] = [
  ["a\u001b[31mred", "a‹U+001B›[31mred", /escape/],
  ["a\u009b31m", "a‹U+009B›31m", /control/],
  ["a\rb", "a‹U+000D›b", /carriage return/],
  ["a\bb", "a‹U+0008›b", /backspace/],
  ["a\u0007", "a‹U+0007›", /control/],
  ["a\0", "a‹U+0000›", /control/],
  ["a\u007f", "a‹U+007F›", /delete/],
  ["a\u000bb", "a‹U+000B›b", /control/],
  ["a\u000cb", "a‹U+000C›b", /control/],
  ["a\u0085b", "a‹U+0085›b", /control/],
  ["a\u00a0b", "a‹U+00A0›b", /no-break space/],
  ["a\u00adb", "a‹U+00AD›b", /soft hyphen/],
  ["a\u034fb", "a‹U+034F›b", /mark|seen/],
  ["a\u061cb", "a‹U+061C›b", /seen/],
  ["a\u115fb", "a‹U+115F›b", /seen/],
  ["a\u1680b", "a‹U+1680›b", /unusual space/],
  ["a\u180eb", "a‹U+180E›b", /seen/],
  ["a\u2003b", "a‹U+2003›b", /unusual space/],
  ["a\u200bb", "a‹U+200B›b", /zero width space/],
  ["a\u200db", "a‹U+200D›b", /zero width joiner/],
  ["a\u200eb", "a‹U+200E›b", /left-to-right mark/],
  ["a\u202eb", "a‹U+202E›b", /right-to-left override/],
  ["a\u2028b", "a‹U+2028›b", /unusual space|seen/],
  ["a\u2029b", "a‹U+2029›b", /unusual space|seen/],
  ["a\u2060b", "a‹U+2060›b", /word joiner/],
  ["a\u2066b\u2069", "a‹U+2066›b‹U+2069›", /left-to-right isolate/],
  ["a\u2800b", "a‹U+2800›b", /seen/],
  ["a\u3164b", "a‹U+3164›b", /seen/],
  ["a\uffa0b", "a‹U+FFA0›b", /seen/],
  ["a\ufeffb", "a‹U+FEFF›b", /byte order mark/],
  ["a\ufe0fb", "a‹U+FE0F›b", /seen|mark/],
  ["a\ufff9b", "a‹U+FFF9›b", /seen/],
  ["a\ud800b", "a‹U+D800›b", /seen/],
  ["a\ue000b", "a‹U+E000›b", /seen/],
  ["a\u0378b", "a‹U+0378›b", /seen/],
  ["a\u{e0041}b", "a‹U+E0041›b", /tag character/],
  ["a\u{1d173}b", "a‹U+1D173›b", /seen/],
  ["a\u0336b", "a‹U+0336›b", /drawn over/],
  ["a\u20dd", "a‹U+20DD›", /drawn over/],
  ["a\u20e3", "a‹U+20E3›", /drawn over/],
  ["\u0338a", "‹U+0338›a", /drawn over/],
  ["\u0301a", "‹U+0301›a", /mark without a letter/],
  [`Z${"\u0300".repeat(6)}`, `Z${"\u0300".repeat(4)}‹U+0300›‹U+0300›`, /too many/],
];

describe("text that anybody can see for what it is", () => {
  test.each(unchanged)("is printed as it is: %j", (text) => {
    expect(safeText(text)).toBe(text);
    expect(unsafeCharacters(text)).toEqual([]);
  });
});

describe("a character that hides or moves text", () => {
  test.each(changed)("is made visible: %j", (text, shown, name) => {
    expect(safeText(text)).toBe(shown);
    const [first] = unsafeCharacters(text);
    expect(first?.name).toMatch(name);
    expect(text.codePointAt(first?.offset ?? -1)).toBe(first?.codePoint);
  });
});

describe("line ends and tabs", () => {
  test("are kept only when they are asked for", () => {
    expect(safeText("a\n\tb")).toBe("a‹U+000A›‹U+0009›b");
    expect(safeText("a\n\tb", { newlines: true })).toBe("a\n\tb");
  });

  test("do not let a carriage return through with them", () => {
    expect(safeText("a\r\nb", { newlines: true })).toBe("a‹U+000D›\nb");
  });

  test("are no unsafe characters", () => {
    expect(unsafeCharacters("a\n\tb")).toEqual([]);
  });
});

describe("any text", () => {
  const text = fc.oneof(
    fc.string({ unit: "binary" }),
    fc.string({ unit: "grapheme" }),
    fc
      .array(fc.constantFrom("a", "\u001b", "\u202e", "\u200d", "👩", "💻", "\ufe0f", "\u0301", "\n", "\ud83d"))
      .map((all) => all.join("")),
  );

  test("is printed with allowed characters only", () => {
    fc.assert(
      fc.property(text, (each) => {
        expect(safeText(each)).not.toMatch(
          /[\p{Cc}\p{Cs}\p{Co}\p{Cn}\p{Zl}\p{Zp}\u202a-\u202e\u2066-\u2069\u200b\u200e\u200f\u2060]/u,
        );
        expect(unsafeCharacters(safeText(each))).toEqual([]);
      }),
    );
  });

  test("once safe stays as it is", () => {
    fc.assert(
      fc.property(text, (each) => {
        expect(safeText(safeText(each))).toBe(safeText(each));
      }),
    );
  });

  test("is unsafe exactly when printing it changes it", () => {
    fc.assert(
      fc.property(text, (each) => {
        expect(unsafeCharacters(each).length > 0).toBe(safeText(each, { newlines: true }) !== each);
      }),
    );
  });
});
