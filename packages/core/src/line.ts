/** The line, counted from 1, in which the character at `offset` (UTF-16 units) stands. */
export function lineAt(source: string, offset: number): number {
  let line = 1;
  for (let at = source.indexOf("\n"); at !== -1 && at < offset; at = source.indexOf("\n", at + 1)) line += 1;
  return line;
}

/** The line end that a text uses, judged by its first line. */
export function lineEndOf(source: string): "\r\n" | "\n" {
  return source[source.indexOf("\n") - 1] === "\r" ? "\r\n" : "\n";
}
