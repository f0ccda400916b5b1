/** Text as a block quotation of Markdown. Whatever it holds, it stays a quotation. */
export function quotation(text: string): string {
  return text
    .trim()
    .split(/\r\n|\r|\n/)
    .map((line) => `> ${line}`)
    .join("\n");
}

/** The marks of a fence that no text can close: longer than any row of back-ticks in it. */
export function fenceMarks(text: string): string {
  return "`".repeat(Math.max(3, ...(text.match(/`+/g) ?? []).map(({ length }) => length + 1)));
}
