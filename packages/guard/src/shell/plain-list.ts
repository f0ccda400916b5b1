import {
  assignmentEntry,
  type CommandList,
  commandEntry,
  redirectionEntry,
  unknownMark,
  variableMark,
} from "./command-list.ts";

/** Words behind which a command begins as at the beginning of a line. */
const opening = new Set(["if", "then", "elif", "else", "while", "until", "do", "{", "!"]);
const closing = new Set(["fi", "done", "}"]);
/** Words with a grammar of their own. */
const special = new Set(["case", "esac", "function", "select", "coproc", "time", "in"]);
/** `[[ … ]]` and arithmetic in which nothing is run: no substitution, no index. */
const test = /\[\[ (?:[^\n`$'"\\;(){}]|\$[A-Za-z_]\w*|"(?:[^"`$\\]|\$[A-Za-z_]\w*)*"|'[^'\n]*')*? \]\](?=[\s;&|)]|$)/y;
const arithmetic = /\(\((?:[\w\s+*/%<>=!&|?:,~^-]|\$[A-Za-z_]\w*)*?\)\)/y;
/** Quoting, patterns in brackets, and what else begins something that is not plain. */
const never = new Set([..."`[]{}()<>|&;"]);
/** Expansions whose value is not followed, of text in which nothing can be run: `$?`, `${a[@]}`, `${a%.txt}`, `${a:-b}`. */
const changed =
  /\$(?:[?@*#$!0-9-]|\{[?@*#0-9]\}|\{#?[A-Za-z_]\w*(?:\[[@*0-9]\])?\}|\{[A-Za-z_]\w*(?:%%?|##?|\^\^?|,,?|:?[-+]|:\d+(?::\d+)?)[\w.*/?@, -]*\})/y;
const deepest = 8;

/**
 * What plain shell text runs: words, quotes, variables, `$(…)`, redirections, here-documents that expand nothing, and the
 * usual keywords. Nothing that the parsers are known to disagree about is plain: no pattern, array, `case` or `${…}` with
 * an operation.
 *
 * @returns undefined when the text is not plain
 */
export function plainList(text: string): CommandList | undefined {
  const reader = new PlainReader(text);
  reader.list(0);
  return reader.whole ? reader.entries : undefined;
}

interface PlainWord {
  readonly text: string;
  /** Whether nothing in it is quoted or expanded. */
  readonly bare: boolean;
}

class PlainReader {
  readonly entries: string[] = [];
  plain = true;
  readonly #text: string;
  #at = 0;
  readonly #pending: { readonly end: string; readonly quoted: boolean; readonly tabs: boolean }[] = [];

  constructor(text: string) {
    this.#text = text;
  }

  /** Whether all of it was plain, to the end. */
  get whole(): boolean {
    return this.plain && this.#pending.length === 0;
  }

  /** Statements up to the end, or to the bracket that closes them. */
  list(depth: number): void {
    if (depth > deepest) this.plain = false;
    while (this.plain) {
      this.#separators(depth);
      if (this.#at >= this.#text.length) {
        if (depth > 0) this.plain = false;
        return;
      }
      if (this.#take(/\)/y) !== undefined) {
        if (depth === 0) this.plain = false;
        return;
      }
      this.#statement(depth);
    }
  }

  #separators(depth: number): void {
    while (this.#take(/[ \t;&|]+/y) !== undefined || this.#take(/\n/y) !== undefined) {
      if (this.#text[this.#at - 1] === "\n" && this.#pending.length > 0) this.#bodies(depth);
    }
  }

  /** The here-documents that were announced on the line before. */
  #bodies(depth: number): void {
    if (depth > 0) this.plain = false;
    for (const { end, quoted, tabs } of this.#pending.splice(0)) {
      const lines: string[] = [];
      for (;;) {
        const line = this.#take(/[^\n]*(?:\n|$)/y) ?? "";
        if ((tabs ? line.replace(/^\t+/, "") : line).replace(/\n$/, "") === end) break;
        lines.push(line);
        if (this.#at >= this.#text.length) {
          this.plain = false;
          break;
        }
      }
      if (!quoted && /[`$\\]/.test(lines.join(""))) this.plain = false;
    }
  }

  #statement(depth: number): void {
    const words: string[] = [];
    let begun = false;
    let closed = false;
    while (this.plain && !this.#ends()) {
      if (this.#hereDocument() || this.#redirection(depth)) continue;
      if (!begun && !closed && this.#command()) {
        closed = true;
        continue;
      }
      if (this.#take(/\((?!\()/y) !== undefined) {
        if (begun || closed) this.plain = false;
        this.list(depth + 1);
        closed = true;
        continue;
      }
      const assigned = begun ? undefined : this.#take(/[A-Za-z_]\w*=/y);
      if (assigned !== undefined && this.#array(depth)) continue;
      const word = this.#word(depth);
      if (closed) this.plain = false;
      else if (assigned !== undefined) this.entries.push(assignmentEntry(assigned.slice(0, -1), word.text));
      else if (begun || !word.bare) words.push(word.text);
      else if (special.has(word.text)) this.plain = false;
      else if (word.text === "for") this.#loop(depth);
      else if (closing.has(word.text)) closed = true;
      else if (!opening.has(word.text)) words.push(word.text);
      begun = words.length > 0;
    }
    if (words.length > 0) this.entries.push(commandEntry(words));
  }

  /** `[[ … ]]` or `(( … ))`. */
  #command(): boolean {
    const found = this.#take(test) ?? this.#take(arithmetic);
    if (found !== undefined) this.entries.push(commandEntry([found.slice(0, 2)]));
    return found !== undefined;
  }

  /** `(a b)` behind `NAME=`. The elements are not followed; what runs in them is. */
  #array(depth: number): boolean {
    if (this.#take(/\(/y) === undefined) return false;
    while (this.plain && this.#take(/\s*\)/y) === undefined) {
      this.#take(/\s*/y);
      this.#word(depth);
    }
    return true;
  }

  #hereDocument(): boolean {
    const found = this.#take(/\d*<<-?[ \t]*(?:'[\w.-]+'|"[\w.-]+"|[A-Za-z_]\w*)(?=[\s;|&>]|$)/y);
    if (found === undefined) return false;
    const [, tabs, mark = "", end = ""] = /<<(-?)[ \t]*(['"]?)(.*?)\2$/.exec(found) ?? [];
    this.#pending.push({ end, quoted: mark !== "", tabs: tabs === "-" });
    return true;
  }

  #loop(depth: number): void {
    this.#blanks();
    const name = this.#take(/[A-Za-z_]\w*(?=[ \t])/y);
    this.#blanks();
    if (name === undefined || this.#take(/in(?=[ \t])/y) === undefined) this.plain = false;
    while (this.plain && !this.#ends()) this.entries.push(assignmentEntry(name ?? "", this.#word(depth).text));
  }

  /** Whether a statement ends here. */
  #ends(): boolean {
    this.#blanks();
    return this.#at >= this.#text.length || /^(?:[\n;)|]|&(?!>))/.test(this.#text.slice(this.#at, this.#at + 2));
  }

  /** Blanks, continued lines, and a comment where a word could begin. */
  #blanks(): void {
    this.#take(/(?:[ \t]|\\\n)*/y);
    if (this.#at === 0 || /[\s;&|(]/.test(this.#text[this.#at - 1] ?? "")) this.#take(/#[^\n]*/y);
  }

  #redirection(depth: number): boolean {
    const operator = this.#take(/\d*(?:>>|>\||>&|>)(?![>&|(])|&>>?(?![>&|(])|\d*<(?![<>&(])/y);
    if (operator === undefined) return false;
    this.#take(/[ \t]*/y);
    const { text } = this.#word(depth);
    if (!operator.endsWith("&") || !/^\d*-?$/.test(text))
      this.entries.push(redirectionEntry(!operator.endsWith("<"), text));
    return true;
  }

  #word(depth: number): PlainWord {
    const own = this.#take(/(?:\{\}|\[|\]|\{|\})(?=[\s;]|$)/y);
    if (own !== undefined) return { text: own, bare: true };
    if (this.#take(/[<>]\((?!\()/y) !== undefined) {
      this.list(depth + 1);
      if (!this.#ends() && !/\s/.test(this.#text[this.#at - 1] ?? "")) this.plain = false;
      return { text: unknownMark, bare: false };
    }
    const start = this.#at;
    let text = "";
    let bare = true;
    while (this.plain && this.#at < this.#text.length) {
      const character = this.#text[this.#at] ?? "";
      if (/[\s;|&()<>]/.test(character)) break;
      const known = this.#take(/[^\s"'`$\\[\]{}()<>|&;]+/y);
      if (known !== undefined) text += known;
      else {
        bare = false;
        text += this.#part(character, depth);
      }
    }
    if (this.#at === start || /^\w+\+=/.test(text)) this.plain = false;
    return { text, bare };
  }

  #part(character: string, depth: number): string {
    if (character === "'") return this.#quoted(/'[^']*'/y).slice(1, -1);
    if (character === '"') return this.#doubleQuoted(depth);
    if (character === "$") return this.#expansion(depth);
    if (character === "\\")
      return this.#quoted(/\\[\s\S]/y)
        .slice(1)
        .replace("\n", "");
    if (never.has(character)) this.plain = false;
    return "";
  }

  #quoted(pattern: RegExp): string {
    const found = this.#take(pattern);
    if (found === undefined) this.plain = false;
    return found ?? "";
  }

  #doubleQuoted(depth: number): string {
    this.#at += 1;
    let text = "";
    while (this.plain) {
      text += (this.#take(/(?:[^"\\$`]|\\[^\n])*/y) ?? "").replace(/\\([$`"\\])/g, "$1");
      if (this.#take(/"/y) !== undefined) return text;
      if (this.#take(/\\\n/y) !== undefined) continue;
      if (this.#text[this.#at] === "$") text += this.#expansion(depth);
      else this.plain = false;
    }
    return text;
  }

  #expansion(depth: number): string {
    if (this.#text.startsWith("$((", this.#at)) {
      this.#at += 1;
      this.#quoted(arithmetic);
      return unknownMark;
    }
    if (this.#take(/\$\((?!\()/y) !== undefined) {
      this.list(depth + 1);
      return unknownMark;
    }
    const name = this.#take(/\$(?:[A-Za-z_]\w*|\{[A-Za-z_]\w*\})/y);
    if (name !== undefined) return variableMark(name.replace(/[${}]/g, ""));
    this.#quoted(changed);
    return unknownMark;
  }

  /** Moves behind what the pattern finds right here. */
  #take(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.#at;
    const [found] = pattern.exec(this.#text) ?? [];
    if (found !== undefined) this.#at += found.length;
    return found;
  }
}
