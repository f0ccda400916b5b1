import { createInterface, type Interface } from "node:readline";

/**
 * Asks a person at the terminal. Only what is typed after a question was put counts as its answer: lines that were typed
 * or pasted ahead are dropped, so that nobody decides on what they have not seen.
 */
export class Asker {
  readonly #lines: Interface;
  #answer: ((line: string | undefined) => void) | undefined;

  constructor() {
    this.#lines = createInterface({ input: process.stdin, output: process.stdout, historySize: 0 });
    this.#lines.on("line", (line) => this.#give(line));
    this.#lines.on("close", () => this.#give(undefined));
  }

  /** @returns what was typed, trimmed; undefined when the person ended the input with Ctrl-D or Ctrl-C */
  ask(question: string): Promise<string | undefined> {
    return new Promise((resolve) => {
      this.#answer = resolve;
      this.#lines.setPrompt(question);
      this.#lines.prompt();
    });
  }

  /**
   * Asks until one of the choices is typed.
   *
   * @param choices what may be typed, each with what it stands for
   */
  async choose<T>(question: string, choices: Readonly<Record<string, T>>): Promise<T | undefined> {
    for (;;) {
      const line = await this.ask(question);
      if (line === undefined) return undefined;
      const word = line.toLowerCase();
      if (Object.hasOwn(choices, word)) return choices[word];
      process.stdout.write(`Type one of ${Object.keys(choices).join(", ")}, then Enter.\n`);
    }
  }

  /** Lets another program have the terminal, such as an editor. */
  pause(): void {
    this.#lines.pause();
  }

  /** Calls back when the person presses Ctrl-C while no question is open. */
  onInterrupt(act: () => void): () => void {
    const listener = () => (this.#answer === undefined ? act() : this.#give(undefined));
    this.#lines.on("SIGINT", listener);
    return () => this.#lines.off("SIGINT", listener);
  }

  close(): void {
    this.#lines.close();
  }

  #give(line: string | undefined): void {
    const answer = this.#answer;
    this.#answer = undefined;
    answer?.(line?.trim());
  }
}
