import { fixedText, type ShellWord } from "./command.ts";

/** What a command does to the shell that runs it. */
export interface Changes {
  readonly assigned: readonly {
    readonly name: string;
    readonly value: ShellWord | undefined;
    readonly certain: boolean;
  }[];
  /** Undefined: any folder. */
  readonly entered: readonly (ShellWord | undefined)[];
  /** Whether it may set any variable and enter any folder. */
  readonly anything: boolean;
}

const nothing: Changes = { assigned: [], entered: [], anything: false };
const anything: Changes = { assigned: [], entered: [undefined], anything: true };

/** Builtins that run or define what only their arguments say. */
const open = new Set(["eval", "source", ".", "alias", "unalias", "enable", "hash", "fc"]);
const declaring = new Set(["export", "declare", "typeset", "local", "readonly"]);
const reading = new Set(["read", "mapfile", "readarray", "getopts", "unset"]);
/** What people clean up with at the end. It sets nothing and goes nowhere, as long as its arguments assign nothing. */
const cleaning = /^(?:\s*(?:rm|rmdir|kill|wait|echo|exit|true|false|:)(?=[\s;&|]|$)[^=;&|`()<>[\n]*(?:;|&&|\|\||$))*$/;

/** @param words name and arguments, not expanded; no word that cannot be foreseen is taken for harmless */
export function changesOf(words: readonly ShellWord[]): Changes {
  const [first, ...rest] = words;
  if (first === undefined) return nothing;
  const name = fixedText(first);
  // A name with a slash is a program, and no program changes the shell that starts it.
  if (name === undefined)
    return first.pieces.some((piece) => piece.kind === "text" && piece.text.includes("/")) ? nothing : anything;
  if (name === "command" || name === "builtin") return throughBuiltin(rest);
  if (open.has(name)) return anything;
  if (name === "cd" || name === "pushd") return { ...nothing, entered: enteredBy(rest) };
  if (declaring.has(name)) return declaredBy(rest);
  if (reading.has(name)) return namedBy(rest);
  if (name === "trap") return rest[0] === undefined || changesNothing(trapped(rest)) ? nothing : anything;
  // Behind its first operand, the format, printf takes no options any more.
  if (name === "printf" && rest[0] !== undefined && (fixedText(rest[0]) ?? "-v").startsWith("-v")) return namedBy(rest);
  return nothing;
}

/** The text that `trap` will run; what cannot be foreseen is no text that only cleans up. */
function trapped([first, second]: readonly ShellWord[]): string {
  const text = fixedText(first) ?? "(";
  const shown = text === "--" ? (fixedText(second) ?? "(") : text;
  return shown === "-" ? "" : shown;
}

/** Also when it is one word: what a function of that name does is read where it is defined. */
function changesNothing(text: string): boolean {
  const isBuiltin = open.has(text) || declaring.has(text) || reading.has(text) || /^(?:cd|pushd|popd)$/.test(text);
  return cleaning.test(text) || (/^[A-Za-z_]\w*$/.test(text) && !isBuiltin);
}

function throughBuiltin(words: readonly ShellWord[]): Changes {
  const [first, ...rest] = words;
  const text = fixedText(first);
  if (text === "-v" || text === "-V") return nothing;
  return text === "-p" || text === "--" ? throughBuiltin(rest) : changesOf(words);
}

function enteredBy(words: readonly ShellWord[]): (ShellWord | undefined)[] {
  const folder = words.find((word) => !/^-(?:[LPe@]+|-)$/.test(fixedText(word) ?? ""));
  if (folder !== undefined) return [/^[-+]/.test(fixedText(folder) ?? "") ? undefined : folder];
  return [{ pieces: [{ kind: "tilde", user: "" }], start: 0, end: 0 }];
}

function declaredBy(words: readonly ShellWord[]): Changes {
  const assigned: Changes["assigned"][number][] = [];
  for (const word of words) {
    const [head, ...rest] = word.pieces;
    if (head?.kind !== "text") return anything;
    const [, name, value] = /^([A-Za-z_]\w*)=([\s\S]*)$/.exec(head.text) ?? [];
    if (name !== undefined) {
      const pieces = [{ kind: "text", text: value ?? "" } as const, ...rest];
      assigned.push({ name, value: { ...word, pieces }, certain: true });
    } else if (/^-\w*[ni]/.test(head.text) || /[=[]/.test(head.text) || rest.length > 0) {
      // A reference to another variable (-n), arithmetic (-i), an element of an array: any of them may set anything.
      return anything;
    }
  }
  return { ...nothing, assigned };
}

function namedBy(words: readonly ShellWord[]): Changes {
  const assigned: Changes["assigned"][number][] = [];
  for (const word of words) {
    const text = fixedText(word);
    if (text === undefined) return anything;
    const name = /^(?:-v)?([A-Za-z_]\w*)$/.exec(text)?.[1];
    if (name !== undefined) assigned.push({ name, value: undefined, certain: false });
  }
  return { ...nothing, assigned };
}
