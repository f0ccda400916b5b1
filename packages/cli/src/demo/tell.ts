import type { Output } from "../output.ts";
import { paint, text } from "../text.ts";
import { wrapWords } from "../wrap.ts";

/** Columns of the demo where nobody has said how wide the screen is. */
export const usualWidth = 80;

/** A part of the demo: its title, and what to see in it. */
export function begin(output: Output, number: number, title: string, explanation: string): void {
  output.line();
  output.line(paint("bold", text`${number}. ${title}`));
  say(output, explanation);
}

export function say(output: Output, sentence: string): void {
  const width = output.columns ?? usualWidth;
  for (const row of wrapWords(sentence, width - 3)) output.line(paint("dim", text`   ${row}`));
}
