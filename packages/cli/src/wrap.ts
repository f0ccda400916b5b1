/** Characters that take two columns in a terminal. */
const wide = /[\p{sc=Han}\p{sc=Hangul}\p{sc=Hiragana}\p{sc=Katakana}\p{Emoji_Presentation}\u3000-\u303e\uff01-\uff60]/u;

/** Columns between two stops of the tabulator. */
const tabStop = 8;

/**
 * Breaks a line of prose between words. What follows the first line stands below its text: behind the mark of a list
 * item, not under it.
 *
 * @param width columns; undefined in a pipe, where nothing is broken
 */
export function wrapWords(line: string, width: number | undefined): string[] {
  if (width === undefined || columnsOf(line) <= width) return [line];
  const [hang = ""] = /^\s*(?:[-*+]\s|\d+[.)]\s)?\s*/.exec(line) ?? [];
  const indent = " ".repeat(Math.min(columnsOf(hang), Math.floor(width / 2)));
  const lines: string[] = [];
  let current = hang;
  for (const word of line.slice(hang.length).split(/ +/)) {
    const longer = current.trimEnd() === hang.trimEnd() ? current + word : `${current} ${word}`;
    if (columnsOf(longer) <= width || current.trim() === "") current = longer;
    else {
      lines.push(current);
      current = indent + word;
    }
    const pieces = wrapExactly(current, width);
    lines.push(...pieces.slice(0, -1));
    current = pieces.at(-1) ?? "";
  }
  return [...lines, current];
}

/**
 * Breaks a line into rows that put together are the line again, character by character: for commands. A row ends behind
 * a space where there is one in its second half.
 */
export function wrapExactly(line: string, width: number | undefined): string[] {
  if (width === undefined) return [line];
  const rows: string[] = [];
  let current = "";
  for (const character of line) {
    if (current !== "" && columnsOf(current + character) > width) {
      const space = current.lastIndexOf(" ") + 1;
      const end = space > current.length / 2 ? space : current.length;
      rows.push(current.slice(0, end));
      current = current.slice(end);
    }
    current += character;
  }
  return [...rows, current];
}

/** How many columns of a terminal a line takes. */
export function columnsOf(line: string): number {
  let columns = 0;
  for (const character of line) {
    if (character === "\t") columns += tabStop - (columns % tabStop);
    else if (wide.test(character)) columns += 2;
    else if (!/\p{M}/u.test(character)) columns += 1;
  }
  return columns;
}
