import type { Place } from "./classification.ts";
import { unsafeCharacters } from "./display.ts";
import { hiddenMarkup } from "./hidden-markup.ts";
import { lookalikeSigns, lookalikeWords } from "./homoglyph.ts";

/** A part of a text that a person who reads it does not see for what it is. */
export interface Misleading extends Place {
  readonly kind: "invisible" | "lookalike" | "direction" | "markup" | "long-line" | "off-screen";
  /** A sentence without its dot: what it is and what is wrong with it. */
  readonly reason: string;
}

/** Columns after which nobody reads on, and which no screen shows. */
const longestLine = 400;
/** Blanks in a row, on one line or as lines, that push what follows out of sight. */
const manyBlanks = 24;

const rightToLeft =
  /[\p{Script=Arabic}\p{Script=Hebrew}\p{Script=Syriac}\p{Script=Thaana}\p{Script=Nko}\p{Script=Adlam}\p{Script=Samaritan}\p{Script=Mandaic}]+/gu;

/**
 * What lies in a text: characters that cannot be seen, letters and signs that look like others, links that lead
 * elsewhere, what a rendered page hides, and what stands off the screen.
 *
 * @param form "command": shell text, in which a sign that looks like another one matters and Markdown means nothing
 * @returns in the order of the text
 * @see docs/security.md, "Text that lies"
 */
export function misleadingParts(text: string, form: "command" | "markdown"): readonly Misleading[] {
  const found = [
    ...invisible(text),
    ...lookalikes(text, form),
    ...(form === "command" ? turned(text) : hiddenMarkup(text).map(ofMarkup(text))),
    ...longLines(text),
    ...offScreen(text),
  ];
  return found.sort((a, b) => a.start - b.start || a.end - b.end);
}

function invisible(text: string): Misleading[] {
  return unsafeCharacters(text).map(({ offset, codePoint, name }) => {
    const end = offset + (codePoint > 0xffff ? 2 : 1);
    return { kind: "invisible", reason: `${name} is not seen for what it is`, start: offset, end };
  });
}

function lookalikes(text: string, form: "command" | "markdown"): Misleading[] {
  return [...lookalikeWords(text, form === "markdown"), ...(form === "command" ? lookalikeSigns(text) : [])].map(
    ({ looksLike, start, end }): Misleading => {
      const reason = `${shown(text.slice(start, end))} looks like ${shown(looksLike)} and is something else`;
      return { kind: "lookalike", reason, start, end };
    },
  );
}

function turned(text: string): Misleading[] {
  return [...text.matchAll(rightToLeft)].map(({ 0: found, index }) => {
    const reason = `${shown(found)} is written from right to left, and turns what is shown around it`;
    return { kind: "direction", reason, start: index, end: index + found.length };
  });
}

function ofMarkup(text: string) {
  return ({ reason, start, end }: Place & { readonly reason: string }): Misleading => {
    return { kind: "markup", reason: `${shown(text.slice(start, end))} ${reason}`, start, end };
  };
}

function longLines(text: string): Misleading[] {
  return [...text.matchAll(new RegExp(`[^\\n]{${longestLine + 1},}`, "g"))].map(({ 0: line, index }) => {
    const reason = `a line of ${line.length} characters goes on behind the edge of the screen`;
    return { kind: "long-line", reason, start: index + longestLine, end: index + line.length };
  });
}

function offScreen(text: string): Misleading[] {
  const far = new RegExp(
    `(?<=\\S)(?:[ \\t]{${manyBlanks},}(?=\\S)|[ \\t]*\\n(?:[ \\t]*\\n){${manyBlanks},}(?=[ \\t]*\\S))`,
    "g",
  );
  return [...text.matchAll(far)].map(({ 0: blanks, index }) => {
    const what = blanks.includes("\n") ? "empty lines" : "blanks";
    const reason = `${what} in a row push what follows out of sight`;
    return { kind: "off-screen", reason, start: index, end: index + blanks.length };
  });
}

function shown(text: string): string {
  const line = text.replace(/\s+/g, " ");
  return `"${line.length > 60 ? `${line.slice(0, 59)}…` : line}"`;
}
