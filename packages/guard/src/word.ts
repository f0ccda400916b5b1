import type { ShellText, Word, WordPart } from "./shell.ts";

/** A word of a command, as far as it is known before the command runs. */
export interface ResolvedWord {
  /** The text, with `‹?›` for what is not known. */
  readonly text: string;
  /** Whether all of it is known, but for the fixed variables of a step. */
  readonly known: boolean;
  /** Whether bash may make several words, or none, of it. */
  readonly splits: boolean;
  readonly start: number;
  readonly end: number;
}

/** Variables that a step always has, and that a reviewer is shown with their values. They stay in a word as they are. */
const fixed = new Set(["SITE", "MESH", "HOME", "TMPDIR"]);

export const unknownPart = "‹?›";

/** Variables that a text sets once, to something known, in a plain assignment; the others are not known. */
export function constantsOf(text: ShellText): ReadonlyMap<string, string> {
  const seen = new Set<string>([...text.loopVariables, "IFS"]);
  const constants = new Map<string, string>();
  for (const { words, assignments } of text.commands) {
    for (const { name, value, append, index } of assignments) {
      const plain = words.length === 0 && !append && index === undefined && !seen.has(name);
      const resolved = plain && value.type === "Word" ? resolveWord(value, constants) : undefined;
      if (resolved?.known && !resolved.text.includes("$")) constants.set(name, resolved.text);
      else constants.delete(name);
      seen.add(name);
    }
    // `read`, `export`, `printf -v` and the like may set any variable that they name.
    if (/^(?:read|readarray|mapfile|export|declare|typeset|local|readonly|printf|getopts|unset|eval|source|\.|let)$/.test(words[0]?.value ?? "")) {
      for (const word of words.slice(1)) constants.delete(word.value.split("=", 1)[0] ?? "");
    }
  }
  return constants;
}

export function resolveWord(word: Word, constants: ReadonlyMap<string, string>): ResolvedWord {
  const state = { text: "", known: true, splits: false };
  const parts = word.parts;
  if (parts === undefined) addLiteral(state, word.value);
  else for (const part of parts) addPart(state, part, constants, false);
  return { ...state, start: word.pos, end: word.end };
}

interface Building {
  text: string;
  known: boolean;
  splits: boolean;
}

function addLiteral(state: Building, text: string): void {
  state.text += text;
}

function addPart(state: Building, part: WordPart, constants: ReadonlyMap<string, string>, quoted: boolean): void {
  switch (part.type) {
    case "Literal":
    case "SingleQuoted":
    case "AnsiCQuoted":
    case "Glob":
      addLiteral(state, part.value);
      break;
    case "DoubleQuoted":
    case "LocaleString":
      for (const each of part.parts) addPart(state, each, constants, true);
      break;
    case "SimpleExpansion":
      addVariable(state, part.text.slice(1), constants, quoted);
      break;
    case "ParameterExpansion":
      if (part.text === `\${${part.parameter}}`) addVariable(state, part.parameter, constants, quoted);
      else addUnknown(state, quoted);
      break;
    case "ArithmeticExpansion":
      // A number, whatever it is.
      state.text += "0";
      state.known = false;
      break;
    default:
      addUnknown(state, quoted);
  }
}

function addVariable(state: Building, name: string, constants: ReadonlyMap<string, string>, quoted: boolean): void {
  const value = constants.get(name);
  if (value !== undefined) {
    state.text += value;
    if (!quoted && /[\s*?[]/.test(value)) state.splits = true;
  } else if (fixed.has(name) && !constants.has(name)) {
    state.text += `$${name}`;
  } else {
    addUnknown(state, quoted);
  }
}

function addUnknown(state: Building, quoted: boolean): void {
  state.text += unknownPart;
  state.known = false;
  if (!quoted) state.splits = true;
}
