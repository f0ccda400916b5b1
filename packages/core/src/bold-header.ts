/** The values of a bold-line header, by name in lower case, and the lines on which they stand. */
export interface BoldHeader {
  readonly data: Readonly<Record<string, string>>;
  readonly lines: ReadonlyMap<string, number>;
}

/** `**From:** developer`, also `**From**: developer` and as an item of a list. */
const boldLine = /^(?:[-*] )?\*\*([A-Za-z][A-Za-z -]{0,30})(?::\*\*|\*\*:)[ \t]*(.*)$/;

/** How far into a text a bold-line header is looked for, in UTF-16 units. */
const reach = 4096;

/**
 * Reads the header that people write where they know no front matter: bold lines at the beginning of the text, above or
 * right below its heading. The first line that is anything else ends it.
 *
 * @param firstLine the line of the file at which `text` begins, counted from 1
 */
export function readBoldHeader(text: string, firstLine: number): BoldHeader {
  const data: Record<string, string> = {};
  const lines = new Map<string, number>();
  if (!text.slice(0, reach).includes("**")) return { data, lines };
  let headings = 0;
  for (const [index, raw] of text.slice(0, reach).split("\n").entries()) {
    const line = raw.trim();
    if (line === "") continue;
    const [, name, value] = boldLine.exec(line) ?? [];
    if (name === undefined || value === undefined) {
      headings += 1;
      if (headings > 1 || !line.startsWith("# ")) break;
      continue;
    }
    const key = name.toLowerCase();
    if (lines.has(key)) continue;
    // A backslash at the end of a line is Markdown's hard break.
    data[key] = value.replace(/\\$/, "").trim();
    lines.set(key, firstLine + index);
  }
  return { data, lines };
}
