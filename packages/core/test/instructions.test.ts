import { describe, expect, it } from "vitest";
import { hasSection, putSection, withoutSectionMarks } from "../src/index.ts";
import { refusal } from "./refusal.ts";

const section = (text: string) => `<!-- memomesh:begin instructions -->\n${text}\n<!-- memomesh:end instructions -->`;

describe("putSection", () => {
  it("adds its section once and replaces only that later", () => {
    const mine = "# Mine\n\nMy rules.\n";
    const added = putSection(mine, "instructions", "One\n");
    expect(added).toBe(`${mine}\n${section("One")}\n`);
    const edited = `${added}\nMore of mine.`;
    expect(putSection(edited, "instructions", "Two $& three")).toBe(
      `${mine}\n${section("Two $& three")}\n\nMore of mine.`,
    );
    expect(putSection(added, "instructions", "One")).toBe(added);
  });

  it("keeps line ends, and works on empty files and files without a last line end", () => {
    expect(putSection("", "instructions", "One")).toBe(`${section("One")}\n`);
    expect(putSection("x", "instructions", "One")).toBe(`x\n\n${section("One")}\n`);
    expect(putSection("x\r\n", "instructions", "One\nTwo")).toBe(
      `x\r\n\r\n${section("One\nTwo")}\n`.replace(/\r?\n/g, "\r\n"),
    );
  });

  it("refuses marks that do not pair up", () => {
    const one = section("One");
    for (const source of [one.slice(0, 40), one.slice(40), `${one}\n${one}`, one.slice(41) + one.slice(0, 36)]) {
      expect(refusal(() => putSection(source, "instructions", "x")).code).toBe("instructions.marks");
    }
    expect(refusal(() => putSection("", "other", one)).code).toBe("instructions.marks");
  });
});

it("tells sections by their names and takes marks off", () => {
  const text = `a\n${section("One")}\nb\n`;
  expect([hasSection(text, "instructions"), hasSection(text, "other")]).toEqual([true, false]);
  expect(withoutSectionMarks(text)).toBe("a\nOne\nb\n");
});
