/** What was to be filled in and was not. */
const pattern =
  /\b(?:TODO|FIXME|TBD|XXX+)\b|\blorem ipsum\b|<your[-_ ][^>]*>|\bCHANGE_?ME\b|\{\{(?:id|node|target|date|title)\}\}/;

/** The first placeholder in a text. */
export function placeholderIn(text: string): string | undefined {
  return pattern.exec(text)?.[0];
}
