import { type DiffLine, diffLines } from "./line-diff.ts";

/** A line of a difference, with the sign in front of it. */
export interface DifferenceLine {
  /** `file`: one of the two at the head; `place`: where a piece of it begins. */
  readonly kind: "file" | "place" | DiffLine["kind"];
  readonly text: string;
}

/** Lines that are shown around a change. */
const around = 3;
const noLineEnd = "\\ No newline at end of file";

/**
 * What would change in a file, as `diff -u` shows it.
 *
 * @param before undefined when there is no such file yet
 * @param after undefined when it is deleted
 */
export function unifiedDifference(
  file: string,
  before: string | undefined,
  after: string | undefined,
): readonly DifferenceLine[] {
  const head = [
    { kind: "file", text: `--- ${before === undefined ? "/dev/null" : file}` },
    { kind: "file", text: `+++ ${after === undefined ? "/dev/null" : file}` },
  ] as const;
  if (before === undefined || before === "") return [...head, ...hunksOf(all("added", after ?? ""))];
  if (after === undefined || after === "") return [...head, ...hunksOf(all("removed", before))];
  const told = before.endsWith("\n") !== after.endsWith("\n");
  return [...head, ...hunksOf(diffLines(linesOf(before, told).join("\n"), linesOf(after, told).join("\n")))];
}

function all(kind: "added" | "removed", text: string): DiffLine[] {
  return text === "" ? [] : linesOf(text, false).map((line) => ({ kind, text: line }));
}

/** A line end ends the last line; it does not begin another one. Where only one of two texts has it, that is told. */
function linesOf(source: string, told: boolean): string[] {
  const lines = source.replace(/\n$/, "").split("\n");
  return told && !source.endsWith("\n") ? [...lines, noLineEnd] : lines;
}

function hunksOf(lines: readonly DiffLine[]): DifferenceLine[] {
  const near = lines.map((_, index) =>
    lines.slice(Math.max(0, index - around), index + around + 1).some(({ kind }) => kind !== "same"),
  );
  const hunks: DifferenceLine[] = [];
  let old = 0;
  let now = 0;
  for (const [index, line] of lines.entries()) {
    if (near[index] === true && near[index - 1] !== true) {
      const end = near.indexOf(false, index);
      const hunk = lines.slice(index, end === -1 ? lines.length : end).filter(({ text }) => text !== noLineEnd);
      const count = (kind: DiffLine["kind"]) =>
        hunk.filter((each) => each.kind === "same" || each.kind === kind).length;
      const place = (start: number, length: number) => `${length === 0 ? start : start + 1},${length}`;
      const text = `@@ -${place(old, count("removed"))} +${place(now, count("added"))} @@`;
      hunks.push({ kind: "place", text });
    }
    if (near[index] === true) hunks.push(signed(line));
    if (line.kind !== "added") old += 1;
    if (line.kind !== "removed") now += 1;
  }
  return hunks;
}

function signed({ kind, text }: DiffLine): DifferenceLine {
  if (text === noLineEnd) return { kind, text };
  return { kind, text: `${kind === "added" ? "+" : kind === "removed" ? "-" : " "}${text}` };
}
