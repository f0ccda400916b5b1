import { MeshError } from "@memomesh/core";
import { type Assignment, type Command, type CommandArgument, parse, type Redirection, type Word, type WordPart } from "unbash";

/** The longest text that is read, in UTF-16 units. */
const longestSource = 64 * 1024;
/** Deeper nesting is no step that a person could review. */
const deepest = 60;

/** A simple command as it stands in the text: words still unresolved. */
export interface ShellCommand {
  readonly words: readonly Word[];
  readonly assignments: readonly Assignment[];
  readonly redirects: readonly Redirection[];
  /** What another command's output is read from. */
  readonly piped: boolean;
  readonly start: number;
  readonly end: number;
}

/** What was found in a shell text, in the order of the text. */
export interface ShellText {
  readonly commands: readonly ShellCommand[];
  /** Names of functions that it defines: a command of that name runs the function's body, which is in `commands` too. */
  readonly functions: ReadonlySet<string>;
  /** Variables that anything but one plain assignment may set. */
  readonly loopVariables: ReadonlySet<string>;
}

/**
 * Reads every simple command out of a shell text, wherever it stands: in lists, pipelines, conditions, loops, functions,
 * and in substitutions inside of words, redirections and here-documents.
 *
 * @throws MeshError `guard.command.unreadable` when the text is no valid shell, too long or nested too deeply
 */
export function readShell(source: string): ShellText {
  if (source.length > longestSource) throw unreadable(`it has ${source.length} characters; at most ${longestSource} are read`);
  if (source.includes("\0")) throw unreadable("it holds a NUL character");
  const reader = new Reader();
  reader.visit(parsed(source), false, 0);
  return reader;
}

function parsed(source: string): unknown {
  try {
    return parse(source);
  } catch (cause) {
    throw unreadable("it cannot be parsed", cause);
  }
}

function unreadable(why: string, cause?: unknown): MeshError {
  return new MeshError("guard.command.unreadable", `the shell text cannot be read: ${why}`, { cause });
}

/** Walks the tree without knowing every kind of node: what is not a command is searched for commands. */
class Reader implements ShellText {
  readonly commands: ShellCommand[] = [];
  readonly functions = new Set<string>();
  readonly loopVariables = new Set<string>();

  visit(value: unknown, piped: boolean, depth: number): void {
    if (depth > deepest) throw unreadable(`it is nested more than ${deepest} levels deep`);
    if (Array.isArray(value)) {
      for (const each of value) this.visit(each, piped, depth + 1);
    } else if (typeof value === "object" && value !== null) {
      this.#node(value as TreeNode, piped, depth);
    }
  }

  #node(node: TreeNode, piped: boolean, depth: number): void {
    if (node.errors?.[0] !== undefined) throw unreadable(node.errors[0].message);
    if (node.type === "Command") this.#command(node as unknown as Command, piped);
    if (node.type === "Redirected") this.#redirected(node as unknown as { redirects: Redirection[]; pos: number; end: number });
    if (node.type === "Function") this.functions.add(nameOf(node));
    if (node.type === "For" || node.type === "Select") this.loopVariables.add(nameOf(node));
    if (isSubstitution(node) && node.script === undefined) throw unreadable("a substitution in it cannot be parsed");
    if (node.type === "Pipeline") {
      const { commands } = node as unknown as { commands: unknown[] };
      for (const [index, each] of commands.entries()) this.visit(each, piped || index > 0, depth + 1);
      return;
    }
    // The parts of a word are computed when they are asked for, and stand on no key.
    if (node.type === "Word") this.visit((node as unknown as Word).parts, false, depth + 1);
    for (const [key, child] of Object.entries(node)) {
      if (key !== "parts" || node.type !== "Word") this.visit(child, piped, depth + 1);
    }
  }

  #command({ name, prefix, args, redirects, pos, end }: Command, piped: boolean): void {
    const assignments = prefix.filter((each) => each.type === "Assignment");
    const words = [...(name === undefined ? [] : [name]), ...args.map(asWord)];
    this.commands.push({ words, assignments, redirects, piped, start: pos, end });
  }

  #redirected({ redirects, pos, end }: { redirects: Redirection[]; pos: number; end: number }): void {
    this.commands.push({ words: [], assignments: [], redirects, piped: false, start: pos, end });
  }
}

/** `export A=1`: what looks like an assignment is an argument here. */
function asWord(argument: CommandArgument): Word {
  if (argument.type === "Word") return argument;
  const { text, pos, end } = argument;
  return { type: "Word", text, value: text, pos, end };
}

function nameOf(node: unknown): string {
  return (node as { name: Word }).name.value;
}

interface TreeNode {
  readonly type?: string;
  readonly script?: unknown;
  readonly errors?: readonly { readonly message: string }[];
}

function isSubstitution({ type }: TreeNode): boolean {
  return type === "CommandExpansion" || type === "ProcessSubstitution" || type === "ArithmeticCommandExpansion";
}

export type { Redirection, Word, WordPart };
