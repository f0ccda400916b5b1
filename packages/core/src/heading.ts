/**
 * The text of the first heading of a Markdown text, found without a full parse because the router asks for every memo.
 * Fenced code and comments are passed over. Undefined when there is none.
 */
export function firstHeading(markdown: string): string | undefined {
  let inside: { readonly closes: (line: string) => boolean } | undefined;
  let previous = "";
  for (let start = 0; start < markdown.length; ) {
    const end = markdown.indexOf("\n", start);
    const line = markdown.slice(start, end === -1 ? markdown.length : end).trimEnd();
    start = end === -1 ? markdown.length : end + 1;
    if (inside !== undefined) {
      if (inside.closes(line)) inside = undefined;
      continue;
    }
    const atx = /^ {0,3}#{1,6}[ \t]+(.+)$/.exec(line)?.[1];
    const text = atx === undefined ? undefined : headingText(atx);
    if (text) return text;
    if (/^ {0,3}(=+|-+)$/.test(line) && isParagraph(previous)) return headingText(previous);
    inside = opened(line);
    previous = line;
  }
  return undefined;
}

/** What begins on this line and hides headings until it closes. */
function opened(line: string): { readonly closes: (line: string) => boolean } | undefined {
  const fence = /^ {0,3}(`{3,}|~{3,})/.exec(line)?.[1];
  if (fence !== undefined) return { closes: (later) => later.trim().startsWith(fence) };
  const comment = /^ {0,3}<!--/.test(line) && !line.includes("-->");
  return comment ? { closes: (later) => later.includes("-->") } : undefined;
}

function isParagraph(line: string): boolean {
  return /^ {0,3}[^\s>#|<*+-]/.test(line);
}

/** A heading's text without closing signs, emphasis and code marks. */
function headingText(raw: string): string {
  return raw
    .replace(/(^|[ \t])#+[ \t]*$/, "")
    .replace(/[`*]/g, "")
    .replace(/\s+/g, " ")
    .trim();
}
