import type { Risk } from "@memomesh/core";
import type { Call } from "./call.ts";
import type { Effect, Finding } from "./classification.ts";
import type { Parsed } from "./options.ts";
import type { Touch } from "./rules/touch.ts";

/**
 * What is known about a program. The tables in `programs/` are made of these; what is in no table is unknown and high.
 *
 * An entry says how bad a plain use is. Options, operands and rules can only add to it. A subcommand has an entry of its
 * own; what stands in the entry around it is for subcommands that are not known.
 */
export interface Program {
  readonly risk: Risk;
  readonly effects: readonly Effect[];
  /** What it does, behind its name: "stops and starts services". */
  readonly does: string;
  /** Options that take a value, separated by spaces: "-t --target-directory". */
  readonly valued?: string;
  /** Options that make it worse; several names separated by spaces. */
  readonly options?: Readonly<Record<string, OptionRule>>;
  /** When given, these options and those in `valued` and `options` are known to be harmless, and any other one is high. */
  readonly allowed?: string;
  /** What happens to each operand that is a path, or only to the first or the last one. */
  readonly operands?: Operands;
  /** Options stand before the first operand only, as for programs that start other programs. */
  readonly strict?: boolean;
  /** Options are whole words behind one dash: `-chdir=x`. */
  readonly dashWords?: boolean;
  readonly rule?: Rule;
  /** Words by which, when one stands alone, it only tells about itself, besides `--version` and `--help`. */
  readonly asked?: string;
  /** By the first operand; several names separated by spaces, "" for none at all. */
  readonly commands?: Readonly<Record<string, Program>>;
  /** Commands with their risk: the tests of this entry. */
  readonly examples?: Readonly<Record<string, Risk>>;
}

export interface OptionRule {
  readonly risk?: Risk;
  readonly effects?: readonly Effect[];
  readonly does: string;
  /** What happens to the path that is its value; "shell": the value is run as shell text; "program": it may be. */
  readonly value?: Touch | "shell" | "program";
}

export interface Operands {
  readonly each?: Touch;
  readonly first?: Touch;
  readonly last?: Touch;
}

/** What cannot be said by a table: one idea about a program, as a function. */
export type Rule = (call: Call, parsed: Parsed) => readonly Finding[];

/** Programs by name; several names separated by spaces. */
export type ProgramTable = Readonly<Record<string, Program & { readonly examples: Readonly<Record<string, Risk>> }>>;
