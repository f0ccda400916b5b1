/** More words than this are not worth following; bash would make them all. */
const mostWords = 64;

/**
 * The words that `{a,b}` or `{1..5}` stands for.
 *
 * @param text the braces with what is between them, without quotes or expansions
 * @returns undefined when there are too many
 */
export function braceWords(text: string): readonly string[] | undefined {
  const words = expand(text);
  return words.length > mostWords ? undefined : words;
}

function expand(text: string): string[] {
  const found = firstBrace(text);
  if (found === undefined) return [text];
  const { start, end, parts } = found;
  const tails = expand(text.slice(end));
  const words: string[] = [];
  for (const middle of parts.flatMap((part) => expand(part))) {
    for (const tail of tails) {
      words.push(text.slice(0, start) + middle + tail);
      if (words.length > mostWords) return words;
    }
  }
  return words;
}

interface Brace {
  readonly start: number;
  readonly end: number;
  readonly parts: readonly string[];
}

function firstBrace(text: string): Brace | undefined {
  for (let start = text.indexOf("{"); start >= 0; start = text.indexOf("{", start + 1)) {
    const brace = braceAt(text, start);
    if (brace !== undefined) return brace;
  }
  return undefined;
}

function braceAt(text: string, start: number): Brace | undefined {
  const cuts = [start];
  let depth = 0;
  for (let at = start; at < text.length; at += 1) {
    const character = text[at];
    if (character === "{") depth += 1;
    else if (character === "," && depth === 1) cuts.push(at);
    else if (character === "}") {
      depth -= 1;
      if (depth > 0) continue;
      const inside = text.slice(start + 1, at);
      const parts =
        cuts.length > 1
          ? [...cuts, at].slice(1).map((cut, index) => text.slice(cuts[index]! + 1, cut))
          : sequence(inside);
      return parts && { start, end: at + 1, parts };
    }
  }
  return undefined;
}

function sequence(text: string): string[] | undefined {
  const [, from = "", to = "", by = "1"] =
    /^(-?\d{1,9}|[A-Za-z])\.\.(-?\d{1,9}|[A-Za-z])(?:\.\.-?(\d{1,9}))?$/.exec(text) ?? [];
  const letters = /^[A-Za-z]$/.test(from);
  if (from === "" || letters !== /^[A-Za-z]$/.test(to)) return undefined;
  const [first, last] = letters ? [from.charCodeAt(0), to.charCodeAt(0)] : [Number(from), Number(to)];
  const step = Math.max(1, Number(by)) * (first > last ? -1 : 1);
  const words: string[] = [];
  for (let value = first; step > 0 ? value <= last : value >= last; value += step) {
    words.push(letters ? String.fromCharCode(value) : String(value));
    if (words.length > mostWords) break;
  }
  return words;
}
