const open = "<think>";
const close = "</think>";

/**
 * Separates thoughts from text where a server leaves them in the text: `<think>…</think>` before the answer, as DeepSeek-R1
 * and its kin write it. The same tags later in a text are text.
 */
export class ThinkTags {
  #held = "";
  #state: "start" | "thinking" | "gap" | "text" = "start";

  /** The part of a piece that is text; what may still turn out to be a tag is held back. */
  take(piece: string): string {
    if (this.#state === "text") return piece;
    this.#held += piece;
    if (this.#state === "start") {
      const text = this.#held.trimStart();
      if (open.startsWith(text) && text !== open) return "";
      if (!text.startsWith(open)) return this.#release(this.#held);
      this.#state = "thinking";
    }
    if (this.#state === "thinking") {
      const end = this.#held.indexOf(close);
      if (end < 0) return "";
      this.#held = this.#held.slice(end + close.length);
      this.#state = "gap";
    }
    const text = this.#held.trimStart();
    return text === "" ? "" : this.#release(text);
  }

  /** What was held back and is no thought, once nothing more comes. */
  rest(): string {
    return this.#state === "start" ? this.#release(this.#held) : "";
  }

  #release(text: string): string {
    this.#state = "text";
    this.#held = "";
    return text;
  }
}

/** The text behind a closing tag that nobody opened: some chat templates open it in the prompt, where nobody sees it. */
export function withoutOrphanedThoughts(text: string): string {
  const end = /(?:^|\n)<\/think>[ \t]*(?:\n|$)/.exec(text);
  if (end === null || text.slice(0, end.index).includes(open)) return text;
  return text.slice(end.index + end[0].length).trimStart();
}
