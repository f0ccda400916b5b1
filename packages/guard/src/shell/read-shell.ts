import { parse } from "unbash";
import type { Place } from "../classification.ts";
import type { Input, SimpleCommand } from "./command.ts";
import { CommandReader } from "./read-commands.ts";
import { newScope, type Scope } from "./scope.ts";

/** The same limit as for what can be approved. */
const longestText = 64 * 1024;

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
 * Reads shell text. One parser for now: `unbash`. A second one joins here, and text on whose commands the two do not
 * agree will be unreadable.
 *
 * @see docs/security.md, "No shell parser is right alone"
 */
export function readShell(source: string, surroundings?: Surroundings): Reading {
  const whole = surroundings?.place ?? { start: 0, end: source.length };
  if (Buffer.byteLength(source) > longestText) return unreadable(`is longer than ${longestText} bytes`, whole);
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
