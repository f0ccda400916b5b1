import { safeText } from "@memomesh/guard";

/** Somebody else's text on one line, with everything invisible made visible, at most `longest` characters of it. */
export function plain(text: string, longest = 100): string {
  const line = safeText(text.replace(/\s+/g, " ").trim());
  const characters = [...line];
  return characters.length > longest ? `${characters.slice(0, longest).join("")}…` : line;
}

/**
 * Somebody else's text as inline code. It stays words whatever it holds: it opens no heading, no fence, no list and no
 * step of a runbook.
 */
export function quoted(text: string, longest?: number): string {
  return `\`${plain(text, longest).replaceAll("`", "'") || " "}\``;
}

/** Names as a sentence lists them, each as inline code. */
export function quotedList(texts: readonly string[]): string {
  return texts.map((text) => quoted(text)).join(", ");
}
