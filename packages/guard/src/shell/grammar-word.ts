import type { Node } from "web-tree-sitter";
import { braceMark, unknownMark, variableMark } from "./command-list.ts";

/** What the grammar calls a word, or a part of one. */
const wordTypes = new Set([
  ...["word", "concatenation", "string", "raw_string", "translated_string", "ansi_c_string", "number", "expansion"],
  ...["simple_expansion", "command_substitution", "process_substitution", "arithmetic_expansion", "brace_expression"],
  ...["variable_name", "special_variable_name", "regex", "extglob_pattern", "array"],
]);

export function isWord({ type }: Node): boolean {
  return wordTypes.has(type);
}

export function isWordType(type: string): boolean {
  return wordTypes.has(type);
}

/** A word after the shell has taken its quotes away, with marks for what it expands. */
export function wordText(node: Node, type = node.type): string {
  const { text, bare } = partText(node, type);
  return bracesIn(bare) ? braceMark : text;
}

/** `bare`: the same with other characters for what is quoted, since braces and their commas count only without quotes. */
interface PartText {
  readonly text: string;
  readonly bare: string;
}

function partText(node: Node, type = node.type): PartText {
  switch (type) {
    case "concatenation":
      return node.children
        .map((child) => partText(child))
        .reduce((one, next) => ({ text: one.text + next.text, bare: one.bare + next.bare }));
    case "raw_string":
      return quoted(node.text.slice(1, -1));
    case "string":
      return quoted(stringText(node));
    case "translated_string":
      return quoted(
        node.children
          .filter(({ type }) => type === "string")
          .map(stringText)
          .join(""),
      );
    case "ansi_c_string":
      return quoted(ansiText(node.text.slice(2, -1)));
    case "simple_expansion":
    case "expansion":
      return quoted(expansionText(node.text.trimStart()));
    case "command_substitution":
    case "process_substitution":
    case "arithmetic_expansion":
    case "array":
      return quoted(unknownMark);
    default:
      return plain(node.text);
  }
}

function quoted(text: string): PartText {
  return { text, bare: "q" };
}

/** Without quotes a backslash takes its meaning from any character. */
function plain(written: string): PartText {
  return { text: written.replace(/\\([\s\S])/g, "$1"), bare: written.replace(/\\[\s\S]/g, "q") };
}

function bracesIn(bare: string): boolean {
  return /\{[^{}]*(?:,|\.\.)[^{}]*\}/.test(bare) && !/^\{[^{}]*\.\.\}$|^\{\.\.[^{}]*\}$/.test(bare);
}

/** What stands between double quotes, cut by the places of its expansions: the grammar loses blanks, or counts them to an expansion. */
function stringText(node: Node): string {
  const { text, startIndex } = node;
  let read = 1;
  let whole = "";
  for (const child of node.namedChildren) {
    const { type } = child;
    if (!isWordType(type)) continue;
    const blanks = /^\s*/.exec(child.text)?.[0].length ?? 0;
    whole += escapedText(text.slice(read, child.startIndex - startIndex + blanks)) + partText(child, type).text;
    read = child.endIndex - startIndex;
  }
  return whole + escapedText(text.slice(read, -1));
}

function escapedText(written: string): string {
  return written.replace(/\\([$`"\\])/g, "$1");
}

function expansionText(written: string): string {
  const [, name] = /^\$(?:\{(?=.*\}$))?([A-Za-z_]\w*)(?:\}?$|:?\?)/s.exec(written) ?? [];
  return name === undefined ? unknownMark : variableMark(name);
}

const ansiLetters: Readonly<Record<string, string>> = {
  ...{ a: "\u0007", b: "\b", e: "\u001b", E: "\u001b", f: "\f", n: "\n", r: "\r", t: "\t", v: "\v" },
  ...{ "\\": "\\", "'": "'", '"': '"', "?": "?" },
};

/** `$'…'`: escapes as in C. */
function ansiText(written: string): string {
  const escapes =
    /\\(?:([abeEfnrtv\\'"?])|x([0-9A-Fa-f]{1,2})|u([0-9A-Fa-f]{1,4})|U([0-9A-Fa-f]{1,8})|([0-7]{1,3})|c([\s\S]))/g;
  return written.replace(
    escapes,
    (all, letter?: string, hex?: string, short?: string, long?: string, octal?: string, control?: string) => {
      if (letter !== undefined) return ansiLetters[letter] ?? all;
      if (octal !== undefined) return String.fromCharCode(Number.parseInt(octal, 8) & 0xff);
      if (control !== undefined) return String.fromCharCode(control.charCodeAt(0) & 0x1f);
      const code = Number.parseInt(hex ?? short ?? long ?? "", 16);
      return code <= 0x10ffff ? String.fromCodePoint(code) : all;
    },
  );
}
