import {
  forEachChild,
  type ParameterExpansionPart,
  type ParsedScript,
  type SyntaxNode,
  type Word,
  type WordPart,
} from "unbash";
import { braceWords } from "./brace.ts";
import type { Piece, SimpleCommand } from "./command.ts";
import { isMisread } from "./misread.ts";

/** What a word may hold besides text. */
export interface Inside {
  /** Reads the commands of a substitution. `within`: the part of the word that holds them. */
  commands(
    script: ParsedScript | undefined,
    within: { readonly pos: number; readonly end: number },
  ): readonly SimpleCommand[];
  /** A part of which the parser has lost some. */
  misread(part: { readonly pos: number; readonly end: number }): void;
  /** `${name:=value}` gives a value in passing. */
  assigned(name: string, value: readonly Piece[]): void;
}

/** The pieces of a word. Every command that stands anywhere in it is handed to {@link Inside}. */
export function readPieces(word: Pick<Word, "text" | "value" | "parts">, inside: Inside): readonly Piece[] {
  const { parts } = word;
  if (parts === undefined) return withTilde(word.text, { kind: "text", text: word.value });
  const pieces = parts.flatMap((part, index) => {
    const read = readPart(part, false, inside);
    const first = read[0];
    return index === 0 && part.type === "Literal" && first?.kind === "text" ? withTilde(part.text, first) : read;
  });
  return joined(pieces);
}

/** Neighbouring texts as one: `k""ubectl` is `kubectl`. */
function joined(pieces: readonly Piece[]): readonly Piece[] {
  const whole: Piece[] = [];
  for (const piece of pieces) {
    const last = whole.at(-1);
    if (piece.kind === "text" && last?.kind === "text")
      whole[whole.length - 1] = { kind: "text", text: last.text + piece.text };
    else whole.push(piece);
  }
  return whole;
}

/** The parts of a here-document, in which quotes mean nothing. */
export function readQuotedParts(parts: readonly WordPart[], inside: Inside): readonly Piece[] {
  return joined(parts.flatMap((part) => readPart(part, true, inside)));
}

function withTilde(written: string, literal: Extract<Piece, { kind: "text" }>): Piece[] {
  const [prefix, user] = /^~([A-Za-z0-9_.+-]*)(?=\/|$)/.exec(written) ?? [];
  if (prefix === undefined || user === undefined) return [literal];
  return [
    { kind: "tilde", user },
    { kind: "text", text: literal.text.slice(prefix.length) },
  ];
}

function readPart(part: WordPart, quoted: boolean, inside: Inside): Piece[] {
  switch (part.type) {
    case "Literal":
    case "SingleQuoted":
    case "AnsiCQuoted":
      return [{ kind: "text", text: part.value }];
    case "DoubleQuoted":
    case "LocaleString":
      return [{ kind: "text", text: "" }, ...part.parts.flatMap((child) => readPart(child, true, inside))];
    case "SimpleExpansion":
      return [simpleExpansion(part.text.slice(1), quoted)];
    case "ParameterExpansion":
      return parameterExpansion(part, quoted, inside);
    case "CommandExpansion":
      return [{ kind: "output", commands: inside.commands(part.script, part), quoted }];
    case "ProcessSubstitution":
      return [{ kind: "process", commands: inside.commands(part.script, part) }];
    case "ArithmeticExpansion":
      readHidden(part, inside);
      return [{ kind: "opaque", open: false }];
    case "Glob":
    case "ExtendedGlob":
      readHidden(part, inside);
      return [{ kind: "glob", text: part.text }];
    case "BraceExpansion":
      return [braceExpansion(part, inside)];
  }
}

function simpleExpansion(name: string, quoted: boolean): Piece {
  if (/^[A-Za-z_]\w*$/.test(name)) return { kind: "variable", name, quoted };
  const several = name === "@" || name === "*" || /^\d/.test(name);
  return { kind: "opaque", open: several && (name === "@" || !quoted) };
}

function parameterExpansion(part: ParameterExpansionPart, quoted: boolean, inside: Inside): Piece[] {
  const { parameter, prefix, index, operation } = part;
  const opaque: Piece = { kind: "opaque", open: prefix !== "#" && (!quoted || index !== undefined || prefix === "!") };
  if (prefix !== undefined || index !== undefined || (operation !== undefined && operation.type !== "Default")) {
    readHidden(part, inside);
    return [opaque];
  }
  const value = simpleExpansion(parameter, quoted);
  if (operation === undefined) return [value];
  const operand = readPieces(operation.operand, inside);
  const operator = operation.operator.replace(":", "");
  if (operator === "=") inside.assigned(parameter, operand);
  if (operator === "?") return [value];
  if (!quoted && operand.some((piece) => piece.kind !== "text" || /\s/.test(piece.text)))
    return [{ kind: "opaque", open: true }];
  const nothing: Piece[] = quoted ? [{ kind: "text", text: "" }] : [];
  return [{ kind: "choice", of: operator === "+" ? [nothing, operand] : [[value], operand] }];
}

function braceExpansion(part: Extract<WordPart, { type: "BraceExpansion" }>, inside: Inside): Piece {
  readHidden(part, inside);
  const words = /["'`$\\]/.test(part.text) ? undefined : braceWords(part.text);
  return words === undefined ? { kind: "opaque", open: true } : { kind: "brace", words };
}

/** Reads the commands in what is no word, or a word of which the value is not followed: arithmetic, patterns, `[[ ]]`. */
export function readHidden(node: SyntaxNode, inside: Inside): void {
  if (isMisread(node)) inside.misread(node);
  forEachChild(node, (child) => {
    if (
      child.type === "CommandExpansion" ||
      child.type === "ProcessSubstitution" ||
      child.type === "ArithmeticCommandExpansion"
    ) {
      inside.commands(child.script, child);
    } else readHidden(child, inside);
  });
}
