import { expect, test } from "vitest";
import { unifiedDifference } from "../src/index.ts";

const shown = (before: string | undefined, after: string | undefined) =>
  unifiedDifference("f", before, after)
    .map(({ text }) => text)
    .join("\n");

test("shows a change with three lines around it, and each place by its lines", () => {
  const lines = Array.from({ length: 20 }, (_, index) => `${index + 1}\n`);
  const now = lines.with(1, "two\n").toSpliced(15, 1);
  expect(shown(lines.join(""), now.join(""))).toBe(
    "--- f\n+++ f\n@@ -1,5 +1,5 @@\n 1\n-2\n+two\n 3\n 4\n 5\n@@ -13,7 +13,6 @@\n 13\n 14\n 15\n-16\n 17\n 18\n 19",
  );
});

test("shows a new file and a deleted one", () => {
  expect(shown(undefined, "a\nb\n")).toBe("--- /dev/null\n+++ f\n@@ -0,0 +1,2 @@\n+a\n+b");
  expect(shown("a\n", undefined)).toBe("--- f\n+++ /dev/null\n@@ -1,1 +0,0 @@\n-a");
});

test("shows that a line end at the end came or went", () => {
  expect(shown("a\n", "a")).toBe("--- f\n+++ f\n@@ -1,1 +1,1 @@\n a\n\\ No newline at end of file");
  expect(shown("a", "a\n")).toContain("\\ No newline at end of file");
});
