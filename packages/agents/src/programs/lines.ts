import { StringDecoder } from "node:string_decoder";

/** The longest line that is looked at, in UTF-16 units. Programs print what tools have answered in one line. */
const longestLine = 4 * 1024 * 1024;

/** Cuts a stream of bytes into lines, in bounded memory. A line that is too long is passed over. */
export class Lines {
  readonly #decoder = new StringDecoder("utf8");
  readonly #take: (line: string) => void;
  #rest = "";
  #tooLong = false;

  constructor(take: (line: string) => void) {
    this.#take = take;
  }

  add(chunk: Buffer): void {
    this.#cut(this.#decoder.write(chunk));
  }

  /** What follows the last line end is a line too. */
  end(): void {
    this.#cut(this.#decoder.end());
    this.#cut("\n");
  }

  #cut(text: string): void {
    const [first = "", ...others] = text.split("\n");
    this.#rest = this.#tooLong ? "" : this.#rest + first;
    this.#tooLong ||= this.#rest.length > longestLine;
    for (const next of others) {
      const line = this.#rest.replace(/\r$/, "");
      if (!this.#tooLong && line !== "") this.#take(line);
      this.#rest = next;
      this.#tooLong = next.length > longestLine;
    }
    if (this.#tooLong) this.#rest = "";
  }
}
