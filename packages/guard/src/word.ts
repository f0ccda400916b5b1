import type { ShellText, Word, WordPart } from "./shell.ts";

/** A word of a command, as far as it is known before the command runs. */
export interface ResolvedWord {
  /** The text, with `‹?›` for what is not known. */
  readonly text: string;
  /** Whether all of it is known, but for the fixed variables of a step. */
  readonly known: boolean;
  /** Whether bash may make several words, or none, of it. */
  readonly splits: boolean;
  /** Whether the folder is unknown from which it is taken as a relative path: the text has left the target's. */
  readonly elsewhere: boolean;
  readonly start: number;
  readonly end: number;
}

/** Variables that a step always has, and that a reviewer is shown with their values. They stay in a word as they are. */
const fixed = new Set(["SITE", "MESH", "HOME", "TMPDIR"]);

export const unknownPart = "‹?›";

/** Longer words are not known: variables that are made of variables could grow without end. */
const longestWord = 16 * 1024;

/** A variable's value, from the end of its assignment on. */
export interface Constant {
  readonly value: string;
  readonly from: number;
}

export type Constants = ReadonlyMap<string, Constant>;

/** Builtins that set the variables that they name, and those that may set any. */
const setting =
  /^(?:read|readarray|mapfile|export|declare|typeset|local|readonly|printf|getopts|unset|let|wait|coproc|command|builtin)$/;
const settingAny = /^(?:eval|source|\.)$/;

/**
 * Variables that a text sets once, for certain, to something known, in a plain assignment. The others are not known: one
 * that is set in a subshell or behind `&&` may be empty, and `rm -r "$X/"` means something else then.
 */
export function constantsOf(text: ShellText): Constants {
  const constants = new Map<string, Constant>();
  const seen = new Set<string>([...text.setElsewhere.keys(), "IFS"]);
  for (const { words, assignments, isCertain, end } of text.commands) {
    for (const { name, value, append, index } of assignments) {
      const isPlain = words.length === 0 && isCertain && !append && index === undefined && !seen.has(name);
      const resolved = isPlain && value.type === "Word" ? resolveWord(value, constants) : undefined;
      if (resolved?.known && !resolved.text.includes("$")) constants.set(name, { value: resolved.text, from: end });
      else constants.delete(name);
      seen.add(name);
    }
    const builtin = words[0]?.value ?? "";
    if (settingAny.test(builtin)) return new Map();
    if (!setting.test(builtin)) continue;
    for (const { value } of words.slice(1)) {
      const name = /^[A-Za-z_]\w*/.exec(value)?.[0] ?? "";
      constants.delete(name);
      seen.add(name);
    }
  }
  return constants;
}

/** @param elsewhere whether relative paths are no longer taken from the target's folder */
export function resolveWord(word: Word, constants: Constants, elsewhere = false): ResolvedWord {
  const building = new Building(constants, word.pos);
  const parts = word.parts;
  if (parts === undefined) building.literal(word.value);
  else for (const part of parts) building.part(part, false);
  const { known, splits } = building;
  return { text: building.text, known, splits, elsewhere, start: word.pos, end: word.end };
}

/** A text with expansions, as a here-document has it. */
export function resolveParts(parts: readonly WordPart[], constants: Constants, at: number): { text: string; known: boolean } {
  const building = new Building(constants, at);
  for (const part of parts) building.part(part, true);
  return building;
}

class Building {
  text = "";
  known = true;
  splits = false;
  readonly #constants: Constants;
  readonly #at: number;

  constructor(constants: Constants, at: number) {
    this.#constants = constants;
    this.#at = at;
  }

  literal(text: string): void {
    if (this.text.length + text.length > longestWord) this.#unknown(false);
    else this.text += text;
  }

  part(part: WordPart, quoted: boolean): void {
    switch (part.type) {
      case "Literal":
      case "SingleQuoted":
      case "AnsiCQuoted":
        this.literal(part.value);
        break;
      case "Glob":
        this.literal(part.text);
        this.splits = true;
        break;
      case "DoubleQuoted":
      case "LocaleString":
        for (const each of part.parts) this.part(each, true);
        break;
      case "SimpleExpansion":
        this.#variable(part.text.slice(1), quoted);
        break;
      case "ParameterExpansion":
        if (part.text === `\${${part.parameter}}`) this.#variable(part.parameter, quoted);
        else this.#unknown(quoted);
        break;
      case "ArithmeticExpansion":
        // A number, whatever it is.
        this.text += "0";
        this.known = false;
        break;
      default:
        this.#unknown(quoted);
    }
  }

  #variable(name: string, quoted: boolean): void {
    const constant = this.#constants.get(name);
    if (constant !== undefined && constant.from <= this.#at) {
      this.literal(constant.value);
      if (!quoted && (constant.value === "" || /[\s*?[]/.test(constant.value))) this.splits = true;
    } else if (fixed.has(name) && constant === undefined) {
      this.text += `$${name}`;
    } else {
      this.#unknown(quoted);
    }
  }

  #unknown(quoted: boolean): void {
    this.text += unknownPart;
    this.known = false;
    if (!quoted) this.splits = true;
  }
}
