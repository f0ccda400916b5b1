import { safeText } from "@memomesh/guard";
import { block, paint, type Text, text } from "./text.ts";
import { wrapExactly, wrapWords } from "./wrap.ts";

/** How much room there is. */
export interface Layout {
  /** Columns; undefined in a pipe, where nothing is broken. */
  readonly width?: number | undefined;
  /** Lines of a section before the rest is only counted; undefined for all. */
  readonly most?: number;
}

/** Markdown as it stands, with long lines broken between words; code in it is broken exactly. */
export function proseLines(content: string, layout: Layout, indent = 0): Text[] {
  const width = inside(layout, indent);
  let code = false;
  return content.split("\n").flatMap((line) => {
    const fence = /^\s*(?:```|~~~)/.test(line);
    if (fence) code = !code;
    const safe = safeText(line, { newlines: true });
    const rows = code || fence ? wrapExactly(safe, width) : wrapWords(safe, width);
    return rows.map((row) => text`${" ".repeat(indent)}${block(row)}`);
  });
}

/** Columns that are left behind an indent; undefined in a pipe. */
export function inside({ width }: Layout, indent: number): number | undefined {
  return width === undefined ? undefined : Math.max(20, width - indent);
}

/** The first lines, and how many more there are; undefined for all. */
export function atMost(lines: readonly Text[], most: number | undefined): Text[] {
  if (most === undefined || lines.length <= most + 1) return [...lines];
  return [...lines.slice(0, most), paint("dim", `… ${lines.length - most} more lines in the file`)];
}
