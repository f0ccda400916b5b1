import { type DifferenceLine, unifiedDifference } from "@memomesh/runbooks";
import { paint, type Text, text } from "./text.ts";

/**
 * What would change in a file, as `diff -u` shows it.
 *
 * @param before undefined when there is no such file yet
 * @param after undefined when it is deleted
 */
export function differenceLines(file: string, before: string | undefined, after: string | undefined): Text[] {
  return unifiedDifference(file, before, after).map(lineText);
}

const styles = { file: "bold", place: "cyan", added: "green", removed: "red" } as const;

function lineText({ kind, text: line }: DifferenceLine): Text {
  return kind === "same" ? text`${line}` : paint(styles[kind], text`${line}`);
}
