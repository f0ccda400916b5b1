import { parse } from "unbash";
import type { Place } from "../classification.ts";
import type { Input, SimpleCommand } from "./command.ts";
import { isSameList, listOf } from "./command-list.ts";
import { type GrammarReading, readWithGrammar } from "./grammar.ts";
import { plainList } from "./plain-list.ts";
import { CommandReader } from "./read-commands.ts";
import { newScope, type Scope } from "./scope.ts";

/** In UTF-8 bytes. What is longer is no step that a person could review, and could keep the second parser busy. */
const longestText = 8 * 1024;

/** All commands of a shell text, in the order in which they stand there, those in substitutions and functions too. */
export type Reading =
  | { readonly readable: true; readonly commands: readonly SimpleCommand[] }
  | { readonly readable: false; readonly problem: string; readonly place: Place };

/** A text inside of another one, such as that of `eval` or `sh -c`. */
export interface Surroundings {
  readonly scope: Scope;
  readonly at: number;
  readonly late: boolean;
  /** Whether variables may have other values than the outer text gives them. */
  readonly unsettled: boolean;
  readonly input: Input;
  /** The part of the outer text to which everything in the inner one is attributed. */
  readonly place: Place;
}

/**
 * Reads shell text with `unbash`, and with `tree-sitter-bash`. What the two do not take for the same list of programs,
 * assignments and redirections is not readable: each of them is known to miss some, and no text is known that both miss.
 *
 * @see docs/security.md, "No shell parser is right alone"
 */
export const readShell: ReadShell = (source, surroundings) => compared(source, surroundings, readWithGrammar);

/**
 * The same for those who cannot wait until a grammar is loaded: what is plain shell text to a strict reader of our own
 * needs no grammar. It reads nothing that either parser is known to get wrong.
 */
export const readPlainShell: ReadShell = (source, surroundings) =>
  compared(source, surroundings, (text) => {
    const list = plainList(text);
    return list === undefined ? readWithGrammar(text) : () => ({ list });
  });

/**
 * Reads what is only guessed to be shell text. Such a reading can add to what is known and takes nothing away, so one
 * parser is enough.
 */
export const guessShell: ReadShell = (source, surroundings) => compared(source, surroundings, undefined);

export type ReadShell = (source: string, surroundings?: Surroundings) => Reading;

function compared(
  source: string,
  surroundings: Surroundings | undefined,
  readAgain: ((text: string) => () => GrammarReading) | undefined,
): Reading {
  const whole = surroundings?.place ?? { start: 0, end: source.length };
  if (Buffer.byteLength(source) > longestText) return unreadable(`is longer than ${longestText} bytes`, whole);
  // One parser reads while the other does.
  const end = readAgain?.(source);
  let reading: Reading;
  let second: GrammarReading | undefined;
  try {
    reading = readOnce(source, surroundings, whole);
  } finally {
    // Taken in any case: the answer must not be there for the next text.
    second = end?.();
  }
  if (!reading.readable || second === undefined) return reading;
  if ("problem" in second) return unreadable(second.problem, whole);
  return isSameList(listOf(reading.commands), second.list)
    ? reading
    : unreadable("is not the same to the two parsers that read it", whole);
}

function readOnce(source: string, surroundings: Surroundings | undefined, whole: Place): Reading {
  const reader = new CommandReader(surroundings?.place);
  const scope = newScope(surroundings?.scope, surroundings?.at, surroundings?.late);
  if (surroundings?.unsettled) scope.unforeseeable = true;
  try {
    reader.read(parse(source), {
      scope,
      input: surroundings?.input ?? { kind: "terminal" },
    });
  } catch {
    // A parser that fails on a text has not understood it, whatever its error says.
    return unreadable("cannot be read by the parser", whole);
  }
  const { problem } = reader;
  return problem === undefined ? { readable: true, commands: reader.commands } : unreadable(problem.text, problem);
}

function unreadable(problem: string, { start, end }: Place): Reading {
  return { readable: false, problem, place: { start, end } };
}
