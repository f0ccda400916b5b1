import { styleText } from "node:util";
import { safeText } from "@memomesh/guard";

export type Style = Parameters<typeof styleText>[0];

/** Text that may be written to a terminal: what came from files or people in it has been made visible. */
export interface Text {
  readonly plain: string;
  /** The same with colours. */
  readonly painted: string;
}

/**
 * Text for a terminal. What is put into it passes the allow-list printer, unless it is such text already; the literal
 * parts are the program's own and stay as they are.
 *
 * @see docs/security.md, point 8
 */
export function text(parts: TemplateStringsArray, ...values: readonly (Text | string | number)[]): Text {
  const safe = values.map(toText);
  const join = (pick: (value: Text) => string) =>
    parts.reduce((whole, part, index) => whole + (index === 0 ? "" : pick(safe[index - 1] as Text)) + part, "");
  return { plain: join((value) => value.plain), painted: join((value) => value.painted) };
}

export function paint(style: Style, value: Text | string | number): Text {
  const { plain, painted } = toText(value);
  return { plain, painted: styleText(style, painted, { validateStream: false }) };
}

/** Text of several lines, such as the body of a memo: line ends stay, everything else is as strict as in one line. */
export function block(value: string): Text {
  const safe = safeText(value, { newlines: true });
  return { plain: safe, painted: safe };
}

/**
 * Rows with aligned columns. The last column is not padded, so that lines do not end in spaces.
 *
 * @param indent spaces before each row
 */
export function table(rows: readonly (readonly (Text | string | number)[])[], indent = 0): Text[] {
  const cells = rows.map((row) => row.map(toText));
  const count = Math.max(0, ...cells.map((row) => row.length));
  const widths = Array.from({ length: count }, (_, index) => Math.max(0, ...cells.map((row) => widthOf(row[index]))));
  return cells.map((row) => {
    const last = row.findLastIndex((cell) => cell.plain !== "");
    const padded = row.slice(0, last + 1).map((cell, index) => (index === last ? cell : pad(cell, widths[index] ?? 0)));
    const join = (pick: (cell: Text) => string) => " ".repeat(indent) + padded.map(pick).join("  ");
    return { plain: join((cell) => cell.plain), painted: join((cell) => cell.painted) };
  });
}

function pad(cell: Text, to: number): Text {
  const space = " ".repeat(to - widthOf(cell));
  return { plain: cell.plain + space, painted: cell.painted + space };
}

function widthOf(cell: Text | undefined): number {
  return cell === undefined ? 0 : [...cell.plain].length;
}

function toText(value: Text | string | number): Text {
  if (typeof value === "object") return value;
  const safe = safeText(String(value));
  return { plain: safe, painted: safe };
}
