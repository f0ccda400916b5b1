import { type Bound, isMet, type Quantity, type Row, ratioOf } from "./figure.ts";

/** The report as lines of text, its columns aligned. */
export function printTable(rows: readonly Row[]): string {
  const head = ["what", "measured", "beside it in the same run", "ratio", "wanted", ""];
  const cells = rows.map((row) => {
    const { what, measured, beside, wanted } = row;
    const ratio = ratioOf(row);
    return [
      what,
      printQuantity(measured),
      beside === undefined ? "" : `${printQuantity(beside.quantity)}  ${beside.what}`,
      ratio === undefined ? "" : ratio.toFixed(2),
      wanted === undefined ? "" : printBound(wanted),
      verdict(row),
    ];
  });
  const widths = head.map((_, column) => Math.max(...[head, ...cells].map((line) => line[column]?.length ?? 0)));
  const ruler = widths.map((width) => "-".repeat(width));
  const lines = [head, ruler, ...cells].map((line) => line.map((cell, column) => cell.padEnd(widths[column] ?? 0)));
  return lines.map((line) => line.join("  ").trimEnd()).join("\n");
}

function printQuantity({ value, unit }: Quantity): string {
  const digits = Math.abs(value) >= 100 || Number.isInteger(value) ? 0 : Math.abs(value) >= 10 ? 1 : 2;
  return `${value.toLocaleString("en", { minimumFractionDigits: digits, maximumFractionDigits: digits })} ${unit}`;
}

function printBound(bound: Bound): string {
  return "atLeast" in bound ? `at least ${bound.atLeast}` : `at most ${bound.atMost}`;
}

function verdict(row: Row): string {
  const met = isMet(row);
  if (met === undefined) return "";
  return met ? "met" : "NOT MET";
}
