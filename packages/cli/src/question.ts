import { createInterface, type Interface } from "node:readline";
import { Writable } from "node:stream";
import { setImmediate as turn } from "node:timers/promises";

const endings = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/**
 * Asks a person at the terminal. Only what is typed after a question was put counts as its answer: lines that were typed
 * or pasted ahead are dropped, so that nobody decides on what they have not seen.
 */
export class Asker {
  readonly #lines: Interface;
  #answer: ((line: string | undefined) => void) | undefined;
  #closed = false;
  #brokenOff = false;
  #interrupts: (() => void)[] = [];
  /** The terminal is gone, or somebody wants this process to end: the step that runs is ended and recorded first. */
  readonly #leave = () => {
    this.#interrupts.at(-1)?.();
    this.close();
  };

  constructor() {
    const echo = new Echo(() => this.#answer !== undefined);
    this.#lines = createInterface({ input: process.stdin, output: echo, terminal: true, historySize: 0 });
    this.#lines.on("line", (line) => this.#give(line));
    this.#lines.on("SIGINT", () => this.#interrupt());
    this.#lines.on("close", () => {
      this.#closed = true;
      this.#give(undefined);
    });
    for (const signal of endings) process.on(signal, this.#leave);
  }

  /** Whether the person broke the last question off. */
  get brokenOff(): boolean {
    return this.#brokenOff;
  }

  /** @returns what was typed, trimmed; undefined when the person broke the question off with Ctrl-C or Ctrl-D */
  async ask(question: string): Promise<string | undefined> {
    await this.#dropWhatIsTyped();
    this.#brokenOff = this.#closed;
    if (this.#closed) return undefined;
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
   * @param told those of them that are named when something else was typed
   */
  async choose<T>(
    question: string,
    choices: Readonly<Record<string, T>>,
    told: readonly string[] = Object.keys(choices),
  ): Promise<T | undefined> {
    for (;;) {
      const line = await this.ask(question);
      if (line === undefined) return undefined;
      const word = line.toLowerCase();
      if (Object.hasOwn(choices, word)) return choices[word];
      process.stdout.write(`Type one of ${told.join(", ")}, then Enter.\n`);
    }
  }

  /** Lets another program have the terminal, such as an editor, and takes it back afterwards. */
  async lend<T>(use: () => Promise<T>): Promise<T> {
    this.#lines.pause();
    process.stdin.setRawMode(false);
    try {
      return await use();
    } finally {
      process.stdin.setRawMode(true);
      this.#lines.resume();
    }
  }

  /**
   * Calls back when the person presses Ctrl-C while no question is open; of several, the one added last is called.
   *
   * @returns a function that ends it
   */
  onInterrupt(act: () => void): () => void {
    this.#interrupts.push(act);
    return () => {
      this.#interrupts = this.#interrupts.filter((each) => each !== act);
    };
  }

  close(): void {
    for (const signal of endings) process.off(signal, this.#leave);
    this.#lines.close();
  }

  #interrupt(): void {
    if (this.#answer === undefined) {
      this.#interrupts.at(-1)?.();
      return;
    }
    process.stdout.write("\n");
    this.#give(undefined);
  }

  /** What lies in the terminal's queue comes with the next turns of the event loop, finds no question, and is dropped. */
  async #dropWhatIsTyped(): Promise<void> {
    this.#lines.resume();
    await turn();
    await turn();
    if (this.#closed) return;
    this.#lines.write(null, { ctrl: true, name: "e" });
    this.#lines.write(null, { ctrl: true, name: "u" });
  }

  #give(line: string | undefined): void {
    const answer = this.#answer;
    this.#answer = undefined;
    if (answer !== undefined) this.#brokenOff = line === undefined;
    answer?.(line?.trim());
  }
}

/** The terminal, as long as a question is open: what is typed while a step runs is not shown between its lines. */
class Echo extends Writable {
  readonly #open: () => boolean;

  constructor(open: () => boolean) {
    super({ decodeStrings: false });
    this.#open = open;
    process.stdout.on("resize", () => this.emit("resize"));
  }

  get columns(): number {
    return process.stdout.columns;
  }

  override _write(chunk: string | Buffer, _encoding: BufferEncoding, done: () => void): void {
    if (this.#open()) process.stdout.write(chunk);
    done();
  }
}
