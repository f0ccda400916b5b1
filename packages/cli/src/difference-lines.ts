import { type DiffLine, diffLines } from "@memomesh/runbooks";
import { paint, type Text, text } from "./text.ts";

/** Lines that are shown around a change. */
const around = 3;

/**
 * What would change in a file, as `diff -u` shows it.
 *
 * @param before undefined when there is no such file yet
 */
export function differenceLines(file: string, before: string | undefined, after: string): Text[] {
  const head = [
    paint("bold", text`--- ${before === undefined ? "/dev/null" : file}`),
    paint("bold", text`+++ ${file}`),
  ];
  if (before === undefined || before === "") {
    return [...head, ...hunksOf(linesOf(after).map((line) => ({ kind: "added", text: line })))];
  }
  return [...head, ...hunksOf(diffLines(linesOf(before).join("\n"), linesOf(after).join("\n")))];
}

/** A line end ends the last line; it does not begin another one. */
function linesOf(source: string): string[] {
  return source.replace(/\n$/, "").split("\n");
}

function hunksOf(lines: readonly DiffLine[]): Text[] {
  const near = lines.map((_, index) =>
    lines.slice(Math.max(0, index - around), index + around + 1).some(({ kind }) => kind !== "same"),
  );
  const hunks: Text[] = [];
  let old = 0;
  let now = 0;
  for (const [index, line] of lines.entries()) {
    if (near[index] === true && near[index - 1] !== true) {
      const end = near.indexOf(false, index);
      const hunk = lines.slice(index, end === -1 ? lines.length : end);
      const count = (kind: DiffLine["kind"]) =>
        hunk.filter((each) => each.kind === "same" || each.kind === kind).length;
      const place = (start: number, length: number) => `${length === 0 ? start : start + 1},${length}`;
      hunks.push(paint("cyan", `@@ -${place(old, count("removed"))} +${place(now, count("added"))} @@`));
    }
    if (near[index] === true) hunks.push(lineText(line));
    if (line.kind !== "added") old += 1;
    if (line.kind !== "removed") now += 1;
  }
  return hunks;
}

function lineText({ kind, text: line }: DiffLine): Text {
  if (kind === "added") return paint("green", text`+${line}`);
  return kind === "removed" ? paint("red", text`-${line}`) : text` ${line}`;
}
