/** Shorter words have too many neighbours: "port", "part", "post". */
const shortest = 5;
/** What a name is shortened by at most: "mongo" for "mongodb". */
const longestRest = 3;

/** Finds the known words that a word which nobody knows was meant to be. */
export class NearWords {
  /** By first letter and length, since few people mistype the first one. */
  readonly #shelves = new Map<string, string[]>();

  constructor(known: Iterable<string>) {
    for (const word of known) {
      const shelf = this.#shelves.get(`${word[0]}${word.length}`);
      if (shelf === undefined) this.#shelves.set(`${word[0]}${word.length}`, [word]);
      else shelf.push(word);
    }
  }

  /** Those that one slip of the finger is away from; else those that it is the beginning of, or that are its own. */
  of(word: string): readonly string[] {
    if (word.length < shortest || /\d/.test(word)) return [];
    const lengths = (from: number, to: number) =>
      Array.from({ length: to - from + 1 }, (_, more) => this.#shelves.get(`${word[0]}${from + more}`) ?? []).flat();
    const slipped = lengths(word.length - 1, word.length + 1).filter((other) => isOneSlip(word, other));
    if (slipped.length > 0) return slipped;
    return lengths(Math.max(shortest, word.length - longestRest), word.length + longestRest).filter(
      (other) => other.startsWith(word) || word.startsWith(other),
    );
  }
}

/** Whether two words differ by one letter that is missing, too many or another one, or by two that changed places. */
function isOneSlip(a: string, b: string): boolean {
  let start = 0;
  while (start < a.length && a[start] === b[start]) start += 1;
  let end = 0;
  while (end < Math.min(a.length, b.length) - start && a.at(-1 - end) === b.at(-1 - end)) end += 1;
  const [left, right] = [a.slice(start, a.length - end), b.slice(start, b.length - end)];
  if (left.length <= 1 && right.length <= 1) return true;
  return left.length === 2 && right.length === 2 && left[0] === right[1] && left[1] === right[0];
}
