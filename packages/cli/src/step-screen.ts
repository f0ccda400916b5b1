import { safeText } from "@memomesh/guard";
import type { Output } from "./output.ts";
import { block, paint, text } from "./text.ts";
import { wrapExactly } from "./wrap.ts";

/** After this many milliseconds of silence a person is told that the command still runs. */
const silence = 1000;

/**
 * What a running step prints, line by line behind a bar: no output can look like a question or an answer of ours. While
 * nothing comes, a line that is replaced tells for how long it has been running.
 */
export class StepScreen {
  readonly #output: Output;
  #rest = "";
  #since = 0;
  #clock: NodeJS.Timeout | undefined;
  #hasStatus = false;

  constructor(output: Output) {
    this.#output = output;
  }

  /** Runs a step's commands; what they print in the meantime comes to `write`. */
  async during<T>(work: () => Promise<T>): Promise<T> {
    this.#since = Date.now();
    this.#clock = setInterval(() => this.#showStatus(), silence);
    try {
      return await work();
    } finally {
      clearInterval(this.#clock);
      this.#clock = undefined;
      this.#hideStatus();
      if (this.#rest !== "") this.#line(this.#rest);
      this.#rest = "";
    }
  }

  /** @param told characters that are safe for a terminal, in pieces as they come */
  readonly write = (told: string): void => {
    const lines = (this.#rest + told).split("\n");
    this.#rest = lines.pop() ?? "";
    if (lines.length === 0) return;
    this.#hideStatus();
    for (const line of lines) this.#line(line);
  };

  #line(line: string): void {
    const { columns } = this.#output;
    const rows = wrapExactly(safeText(line, { newlines: true }), columns === undefined ? undefined : columns - 4);
    for (const row of rows) this.#output.line(text`  ${paint("dim", "│")} ${block(row)}`);
  }

  #showStatus(): void {
    const { columns, terminal, json } = this.#output;
    if (!terminal || json) return;
    const seconds = Math.round((Date.now() - this.#since) / 1000);
    const [begun = ""] = wrapExactly(safeText(this.#rest), (columns ?? 80) - 40);
    process.stdout.write(`\r\u001b[2K  │ ${begun}  (running for ${seconds} s; Ctrl-C ends it)`);
    this.#hasStatus = true;
  }

  #hideStatus(): void {
    if (this.#hasStatus) process.stdout.write("\r\u001b[2K");
    this.#hasStatus = false;
  }
}
