import { type Argument, type Part, rootNames } from "./argument.ts";
import type { Piece, ShellWord } from "./command.ts";
import { printedText } from "./printed.ts";
import { type Assignment, isUnforeseeable, type Scope } from "./scope.ts";

/** Beyond these, a value counts as unknown: text can be made to grow without end. */
const mostAlternatives = 32;
const longestValue = 4096;

/** A place in the text from which variables are seen. */
export interface View {
  readonly scope: Scope;
  readonly at: number;
}

type Token = Part | { readonly kind: "break" };
type Tokens = readonly Token[];
type Unknown = Extract<Part, { kind: "unknown" }>;
type Value = Pick<Argument, "parts">;

const anything: Unknown = { kind: "unknown", open: false };
const anyWords: Unknown = { kind: "unknown", open: true };

/**
 * What the shell may make of a word: each alternative is a list of arguments.
 *
 * @param resolving names of the variables on the way here, so that `X=$X` ends
 */
export function expand(
  word: ShellWord,
  view: View,
  resolving: readonly string[] = [],
): readonly (readonly Argument[])[] {
  const { start, end } = word;
  const words = withoutBraces(word.pieces).map((pieces) =>
    alternatives(pieces, view, resolving).map((tokens) => fields(tokens).map((parts) => ({ parts, start, end }))),
  );
  return product(words, () => [{ parts: [anyWords], start, end }]);
}

/** What a single value may be where the shell does not split words: in an assignment, behind a redirection. */
export function expandValue(word: ShellWord, view: View, resolving: readonly string[] = []): readonly Argument[] {
  const { start, end } = word;
  return alternatives(word.pieces, view, resolving).map((tokens) => {
    const parts = tokens.filter((token) => token.kind !== "break");
    return { parts: joined(parts), start, end };
  });
}

/** Every list that takes one alternative of each. `tooMany` stands for one that has too many. */
export function product<T>(
  choices: readonly (readonly (readonly T[])[])[],
  tooMany: () => readonly T[],
): readonly (readonly T[])[] {
  let lists: T[][] = [[]];
  for (const choice of choices) {
    const options = lists.length * choice.length > mostAlternatives ? [tooMany()] : choice;
    const [only] = options;
    // Most words are but one thing; copying what came before for each of them would take for ever in a long text.
    if (options.length === 1 && only !== undefined) for (const list of lists) list.push(...only);
    else lists = lists.flatMap((list) => options.map((option) => [...list, ...option]));
  }
  return lists;
}

function withoutBraces(pieces: readonly Piece[]): readonly (readonly Piece[])[] {
  const index = pieces.findIndex((piece) => piece.kind === "brace");
  const brace = pieces[index];
  if (brace?.kind !== "brace") return [pieces];
  const rests = withoutBraces(pieces.slice(index + 1));
  const words = brace.words.flatMap((text) =>
    rests.map((rest) => [...pieces.slice(0, index), { kind: "text", text } as const, ...rest]),
  );
  return words.length > mostAlternatives * 2 ? [[{ kind: "opaque", open: true }]] : words;
}

function alternatives(pieces: readonly Piece[], view: View, resolving: readonly string[]): readonly Tokens[] {
  return product<Token>(
    pieces.map((piece) => tokens(piece, view, resolving)),
    () => [anyWords],
  );
}

function tokens(piece: Piece, view: View, resolving: readonly string[]): readonly Tokens[] {
  switch (piece.kind) {
    case "text":
    case "glob":
      return [[piece]];
    case "tilde":
      if (piece.user === "") return variable("HOME", view, resolving).map(({ parts }) => parts);
      return [[piece.user === "+" ? { kind: "text", text: "." } : anything]];
    case "variable": {
      const values = variable(piece.name, view, resolving);
      if (piece.quoted) return values.map(({ parts }) => parts);
      // With an IFS that may have been set, it may be cut anywhere, or as ever.
      const cut = variable("IFS", view, resolving).some(({ parts }) => parts.length > 0);
      return [...values.map(({ parts }) => splitWords(parts)), ...(cut ? [[anyWords]] : [])];
    }
    case "choice":
      return piece.of.flatMap((pieces) => alternatives(pieces, view, resolving));
    case "brace":
      return piece.words.map((text) => [{ kind: "text", text }]);
    case "output": {
      const printed = printedText(piece.commands, (word) => expand(word, view, resolving));
      const parts = printed ?? [{ ...(piece.quoted ? anything : anyWords), from: piece.commands }];
      return [piece.quoted ? parts : splitWords(parts)];
    }
    case "process":
      return [[{ ...anything, from: piece.commands, stream: true }]];
    case "opaque":
      return [[piece.open ? anyWords : anything]];
  }
}

/** The values that a variable may have. */
function variable(name: string, { scope, at }: View, resolving: readonly string[]): readonly Value[] {
  if (resolving.includes(name) || resolving.length > 16) return [{ parts: [anything] }];
  const own = scope.assigned.get(name) ?? [];
  if (own.length > mostAlternatives) return [{ parts: [anything] }];
  const values = own.flatMap((assignment) => assignedValues(assignment, scope, [...resolving, name]));
  const hidden = own.some(({ holds }) => holds !== undefined && holds.from < at && at < holds.until);
  const outer = hidden ? [] : outerValues(name, scope, resolving);
  const all = [...values, ...outer, ...(isUnforeseeable(scope) ? [{ parts: [anything] }] : [])];
  const distinct = [...new Map(all.map((value) => [keyOf(value.parts), value])).values()];
  if (distinct.length > mostAlternatives / 2 || distinct.some(tooLong)) return [{ parts: [anything] }];
  return distinct;
}

/** What was worked out once; without it, `B=$A$A C=$B$B …` takes for ever. */
const known = new WeakMap<Assignment, readonly Value[]>();

function assignedValues(assignment: Assignment, scope: Scope, resolving: readonly string[]): readonly Value[] {
  const earlier = known.get(assignment);
  if (earlier !== undefined) return earlier;
  const { value, list, at } = assignment;
  const found = value === undefined ? [{ parts: [anything] }] : valuesOf(value, list, { scope, at }, resolving);
  known.set(assignment, found);
  return found;
}

function valuesOf(word: ShellWord, list: boolean, view: View, resolving: readonly string[]): readonly Value[] {
  return list ? expand(word, view, resolving).flat().map(closed) : expandValue(word, view, resolving);
}

function outerValues(name: string, scope: Scope, resolving: readonly string[]): readonly Value[] {
  if (scope.parent !== undefined) return variable(name, { scope: scope.parent, at: scope.at }, resolving);
  if (name === "IFS") return [{ parts: [] }];
  if (name === "PWD") return [{ parts: [{ kind: "text", text: "." }] }];
  const root = rootNames.find((each) => each === name);
  return [{ parts: [root === undefined ? anything : { kind: "root", name: root }] }];
}

/** One value of a list is one word. */
function closed({ parts }: Argument): Value {
  return { parts: parts.map((part) => (part.kind === "unknown" ? { ...part, open: false } : part)) };
}

function keyOf(parts: readonly Part[]): string {
  return JSON.stringify(
    parts.map((part) => (part.kind === "unknown" && part.from ? [part.from[0]?.start, part.from[0]?.end] : part)),
  );
}

function tooLong({ parts }: Value): boolean {
  return (
    parts.reduce((length, part) => length + (part.kind === "text" || part.kind === "glob" ? part.text.length : 1), 0) >
    longestValue
  );
}

/** What becomes of an expansion without quotes: words at white space, patterns at wildcards. */
function splitWords(parts: readonly Part[]): Tokens {
  return parts.flatMap((part): Token[] => {
    if (part.kind === "unknown") return [{ ...part, open: true }];
    if (part.kind !== "text") return [part];
    return part.text.split(/([ \t\n]+)/).flatMap((text, index): Token[] => {
      if (index % 2 === 1) return [{ kind: "break" }];
      if (text === "") return [];
      return [{ kind: /[*?[]/.test(text) ? "glob" : "text", text }];
    });
  });
}

function fields(tokens: Tokens): readonly (readonly Part[])[] {
  const words: Part[][] = [];
  let broken = true;
  for (const token of tokens) {
    if (token.kind !== "break" && broken) words.push([token]);
    else if (token.kind !== "break") words.at(-1)?.push(token);
    broken = token.kind === "break";
  }
  return words.map(joined);
}

function joined(parts: readonly Part[]): readonly Part[] {
  const whole: Part[] = [];
  for (const part of parts) {
    const last = whole.at(-1);
    if (part.kind === "text" && last?.kind === "text")
      whole[whole.length - 1] = { kind: "text", text: last.text + part.text };
    else whole.push(part);
  }
  // `""$X` is $X: what is empty hides where a path begins.
  const full = whole.filter((part) => part.kind !== "text" || part.text !== "");
  return full.length > 0 ? full : whole.slice(0, 1);
}
