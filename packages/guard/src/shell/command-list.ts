import type { Piece, ShellWord, SimpleCommand } from "./command.ts";

/**
 * What a text runs, in a form in which two parsers can be compared: an entry for each program with its arguments, each
 * assignment and each redirection, in any order. Only what is constant is spelled out.
 */
export type CommandList = readonly string[];

/** Stands in a word for what only running it would tell; no shell text that is looked at holds these characters. */
export const unknownMark = "\u0001";
/** Stands for a whole word in which braces make several words. */
export const braceMark = "\u0002";

/** A variable whose value is put in as it is. */
export function variableMark(name: string): string {
  return `\u0003${name}\u0003`;
}

export function commandEntry(words: readonly string[]): string {
  const [first = ""] = words;
  // What stands in these is no list of words; the programs that are started in them have entries of their own.
  return entry(["command", ...(first === "[[" || first === "((" ? [first] : words)]);
}

export function assignmentEntry(name: string, value: string): string {
  return entry(["assignment", name, value]);
}

export function redirectionEntry(writes: boolean, target: string): string {
  return entry([writes ? ">" : "<", target]);
}

function entry(words: readonly string[]): string {
  return JSON.stringify(words.map(forGrammar));
}

/**
 * What the grammar cannot read, written in a way that it can: a continued line as one line, and `<>` as `>`. Text in
 * quotes changes with it, and so both lists are made of changed words.
 */
export function forGrammar(text: string): string {
  return text.replace(/\\([\s\S])/g, (pair, escaped) => (escaped === "\n" ? "" : pair)).replaceAll("<>", ">");
}

/** The list of what was read from unbash's tree. */
export function listOf(commands: readonly SimpleCommand[]): CommandList {
  return commands.flatMap(({ words, assignments, redirects }) => [
    ...(words.length > 0 ? [commandEntry(words.map(marked))] : []),
    ...assignments.flatMap(({ name, value }) => (value === undefined ? [] : [assignmentEntry(name, marked(value))])),
    ...redirects.map(({ writes, target }) => redirectionEntry(writes, marked(target))),
  ]);
}

export function isSameList(one: CommandList, other: CommandList): boolean {
  if (one.length !== other.length) return false;
  const sorted = other.toSorted();
  return one.toSorted().every((each, index) => each === sorted[index]);
}

function marked({ pieces }: ShellWord): string {
  return pieces.some(({ kind }) => kind === "brace") ? braceMark : pieces.map(markedPiece).join("");
}

function markedPiece(piece: Piece): string {
  switch (piece.kind) {
    case "text":
    case "glob":
      return piece.text;
    case "tilde":
      return `~${piece.user}`;
    case "variable":
      return variableMark(piece.name);
    default:
      return unknownMark;
  }
}
