import type { SentMemo } from "@memomesh/mesh";
import { shown } from "./here.ts";
import type { Output } from "./output.ts";
import { paint, text } from "./text.ts";

/** Tells that a memo lies in `outgoing/` and who takes it from there. */
export function tellSent(output: Output, sent: SentMemo): void {
  const { id, from, to, subject, path } = sent;
  output.data({ id, from, to, subject, path });
  output.line(text`${paint("green", "sent")}  ${subject}`);
  output.line(text`      from ${from} to ${to.join(", ")}, as ${shown(path)}`);
  output.line(paint("dim", text`      \`memomesh watch\` or \`memomesh run\` delivers it`));
}
