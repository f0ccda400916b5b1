import { createInterface, type Interface } from "node:readline";

const prompt = "> ";
const more = "… ";

/**
 * What a person types, or a pipe holds, one thing to say at a time. In a terminal lines can be edited and called back;
 * what is typed while an answer comes is kept for the next turn.
 */
export class ChatLines {
  /** Whether a person sits there. */
  readonly terminal: boolean;
  readonly #lines: Interface;
  readonly #typed: string[] = [];
  #wanted: (() => void) | undefined;
  #closed = false;
  #interrupt: (() => void) | undefined;

  constructor(terminal: boolean) {
    this.terminal = terminal;
    this.#lines = createInterface({
      input: process.stdin,
      ...(terminal ? { output: process.stdout, terminal: true, historySize: 200 } : {}),
      crlfDelay: Number.POSITIVE_INFINITY,
    });
    this.#lines.on("line", (line) => {
      this.#typed.push(line);
      this.#wanted?.();
    });
    this.#lines.on("close", () => {
      this.#closed = true;
      this.#interrupt?.();
      this.#wanted?.();
    });
    this.#lines.on("SIGINT", this.#onSignal);
    process.on("SIGINT", this.#onSignal);
  }

  /** @returns the next thing to say, without empty ones; undefined when there is nothing more */
  async next(): Promise<string | undefined> {
    for (;;) {
      const first = await this.#line(prompt);
      if (first === undefined) return undefined;
      let text = first;
      while (text.endsWith("\\")) {
        const line = await this.#line(more);
        text = `${text.slice(0, -1)}${line === undefined ? "" : `\n${line}`}`;
        if (line === undefined) break;
      }
      if (text.trim() !== "") return text;
    }
  }

  /**
   * Calls back on Ctrl-C, and when the terminal is gone, while an answer is under way.
   *
   * @returns a function that ends it
   */
  onInterrupt(act: () => void): () => void {
    this.#interrupt = this.terminal ? act : undefined;
    return () => {
      this.#interrupt = undefined;
    };
  }

  close(): void {
    process.off("SIGINT", this.#onSignal);
    this.#lines.close();
    // The cursor stands behind the prompt.
    if (this.terminal) process.stdout.write("\n");
  }

  /** Ctrl-C ends what is under way; at the prompt it ends the conversation. */
  readonly #onSignal = () => {
    if (this.#interrupt !== undefined) this.#interrupt();
    else this.#lines.close();
  };

  async #line(mark: string): Promise<string | undefined> {
    if (this.#typed.length === 0 && !this.#closed) {
      if (this.terminal) {
        this.#lines.setPrompt(mark);
        this.#lines.prompt();
      }
      await new Promise<void>((resolve) => {
        this.#wanted = resolve;
      });
      this.#wanted = undefined;
    }
    return this.#typed.shift();
  }
}
