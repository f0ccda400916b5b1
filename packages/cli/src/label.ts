import { safeText } from "@memomesh/guard";
import { inside, type Layout } from "./layout.ts";
import { type Text, text } from "./text.ts";
import { wrapWords } from "./wrap.ts";

/** Columns of the labels `why`, `needs`, `upload`, `second`, `run`, `check` and `undo` with the space around them. */
export const labelWidth = 9;

/** Text behind a label; what does not fit into one line stands below its beginning. */
export function labelled(name: Text, content: string, layout: Layout): Text[] {
  const rows = wrapWords(safeText(content), inside(layout, labelWidth));
  return rows.map((row, index) => label(index === 0 ? name : text``, text`${row}`));
}

export function label(name: Text, content: Text): Text {
  return text`  ${name}${" ".repeat(labelWidth - 2 - name.plain.length)}${content}`;
}
