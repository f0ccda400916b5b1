import type { Place } from "../classification.ts";
import type { Scope } from "./scope.ts";

// What a parser hands on. The rules know these types and no parser; a second parser gives the same list of commands.

/** One program or builtin with its arguments as they are written, and what stands around it. */
export interface SimpleCommand extends Place {
  /** The name and the arguments; empty when there are only assignments or redirections. */
  readonly words: readonly ShellWord[];
  readonly assignments: readonly { readonly name: string; readonly value: ShellWord | undefined }[];
  readonly redirects: readonly FileRedirect[];
  readonly input: Input;
  readonly scope: Scope;
  /** Where it stands among the assignments of its scope. */
  readonly at: number;
  /** Whether it runs at any later time, as the body of a function does. */
  readonly late: boolean;
  /** The name of a function that is defined here and starts itself without end. */
  readonly forkBomb?: string;
}

/** A redirection from or to a file; here-documents are {@link Input}. */
export interface FileRedirect extends Place {
  readonly writes: boolean;
  readonly target: ShellWord;
}

/** Where standard input comes from. "terminal": nothing was said. */
export type Input =
  | { readonly kind: "terminal" }
  | { readonly kind: "file" }
  | { readonly kind: "text"; readonly word: ShellWord }
  | { readonly kind: "pipe"; readonly from: readonly SimpleCommand[] };

/** A word before the shell expands it. */
export interface ShellWord extends Place {
  readonly pieces: readonly Piece[];
}

export type Piece =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "glob"; readonly text: string }
  /** `~` ("") or `~name`. */
  | { readonly kind: "tilde"; readonly user: string }
  | { readonly kind: "variable"; readonly name: string; readonly quoted: boolean }
  /** One of several, as in `${NAME:-fallback}`. */
  | { readonly kind: "choice"; readonly of: readonly (readonly Piece[])[] }
  /** `{a,b}`: a word for each. */
  | { readonly kind: "brace"; readonly words: readonly string[] }
  /** What the commands print. */
  | { readonly kind: "output"; readonly commands: readonly SimpleCommand[]; readonly quoted: boolean }
  /** `<(…)` or `>(…)`: a file that the commands write or read. */
  | { readonly kind: "process"; readonly commands: readonly SimpleCommand[] }
  /** What cannot be known. Open: it may become several words, or none. */
  | { readonly kind: "opaque"; readonly open: boolean };

/** The text of a word that nothing expands; undefined when it is not fixed. */
export function fixedText(word: ShellWord | undefined): string | undefined {
  if (word === undefined) return undefined;
  let text = "";
  for (const piece of word.pieces) {
    if (piece.kind !== "text") return undefined;
    text += piece.text;
  }
  return text;
}
