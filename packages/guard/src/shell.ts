import { MeshError } from "@memomesh/core";
import {
  type Assignment,
  type Command,
  type CommandArgument,
  parse,
  type Redirection,
  type Word,
  type WordPart,
} from "unbash";

/** The longest text that is read, in UTF-16 units. */
export const longestSource = 64 * 1024;
/** Levels of the syntax tree; a nested command takes about five. Deeper nesting is no step that a person could review. */
const deepest = 200;

/** A simple command as it stands in the text: words still unresolved. */
export interface ShellCommand {
  readonly words: readonly Word[];
  readonly assignments: readonly Assignment[];
  readonly redirects: readonly Redirection[];
  /** The command that the same shell ran before this one; what a subshell does is not seen behind it. */
  readonly before: ShellCommand | undefined;
  /** Whether it runs for certain, once, and in the shell itself. */
  readonly isCertain: boolean;
  readonly start: number;
  readonly end: number;
}

/** What was found in a shell text, in the order of the text. */
export interface ShellText {
  readonly commands: readonly ShellCommand[];
  /** Names of functions that it defines: a command of that name runs the function's body, which is in `commands` too. */
  readonly functions: ReadonlySet<string>;
  /** Variables that loops, coprocesses, redirections and expansions set. */
  readonly setElsewhere: ReadonlyMap<string, { readonly pos: number; readonly end: number }>;
  /** Whether a command may run again, or after one that stands behind it: in loops and functions. */
  readonly repeats: boolean;
}

/**
 * Reads every simple command out of a shell text, wherever it stands: in lists, pipelines, conditions, loops, functions,
 * and in substitutions inside of words, redirections and here-documents.
 *
 * @throws MeshError `guard.command.unreadable` when the text is no valid shell, too long or nested too deeply
 */
export function readShell(source: string): ShellText {
  if (source.length > longestSource)
    throw unreadable(`it has ${source.length} characters; at most ${longestSource} are read`);
  if (source.includes("\0")) throw unreadable("it holds a NUL character");
  const script = parsed(source);
  const reader = new Reader(certainOf(script));
  reader.visit(script, 0);
  return reader;
}

function parsed(source: string): ReturnType<typeof parse> {
  try {
    return parse(source);
  } catch (cause) {
    throw unreadable("it cannot be parsed", cause);
  }
}

export function unreadable(why: string, cause?: unknown): MeshError {
  return new MeshError("guard.command.unreadable", `the shell text cannot be read: ${why}`, { cause });
}

/** Commands of the outermost list, or first in one of its and-or lists: nothing decides whether they run. */
function certainOf(script: ReturnType<typeof parse>): ReadonlySet<unknown> {
  const nodes = script.commands.filter(({ background }) => !background).map(({ command }) => command);
  return new Set(nodes.map((node) => (node.type === "AndOr" ? node.commands[0] : node)));
}

const apart: ReadonlySet<string> = new Set([
  "Subshell",
  "CommandExpansion",
  "ProcessSubstitution",
  "ArithmeticCommandExpansion",
  "Coproc",
]);
const repeating: ReadonlySet<string> = new Set(["For", "ArithmeticFor", "Select", "While", "Function"]);

/** Walks the tree without knowing every kind of node: what is not a command is searched for commands. */
class Reader implements ShellText {
  readonly commands: ShellCommand[] = [];
  readonly functions = new Set<string>();
  readonly setElsewhere = new Map<string, { pos: number; end: number }>();
  repeats = false;
  readonly #certain: ReadonlySet<unknown>;
  #last: ShellCommand | undefined;

  constructor(certain: ReadonlySet<unknown>) {
    this.#certain = certain;
  }

  visit(value: unknown, depth: number): void {
    if (depth > deepest) throw unreadable(`it is nested more than ${deepest} levels deep`);
    if (Array.isArray(value)) {
      for (const each of value) this.visit(each, depth + 1);
    } else if (typeof value === "object" && value !== null) {
      this.#node(value as TreeNode, depth);
    }
  }

  #node(node: TreeNode, depth: number): void {
    const { type = "" } = node;
    if (node.errors?.[0] !== undefined) throw unreadable(node.errors[0].message);
    if (isSubstitution(type) && node.script === undefined) throw unreadable("a substitution in it cannot be parsed");
    const before = this.#last;
    if (type === "Command") this.#command(node as unknown as Command);
    if (type === "Redirected") this.#redirected(node as unknown as { redirects: Redirection[]; pos: number; end: number });
    if (type === "Function") this.functions.add(nameOf(node));
    if (repeating.has(type)) this.repeats = true;
    this.#variables(node as unknown as { pos: number; end: number } & TreeNode);
    if (type === "Pipeline") {
      const { commands } = node as unknown as { commands: readonly unknown[] };
      for (const each of commands) {
        this.#last = before;
        this.visit(each, depth + 1);
      }
      return;
    }
    this.#children(node, depth);
    if (apart.has(type) || node.background === true) this.#last = before;
  }

  #children(node: TreeNode, depth: number): void {
    // The parts of a word are computed when they are asked for, and stand on no key.
    if (node.type === "Word") this.visit((node as unknown as Word).parts, depth + 1);
    for (const [key, child] of Object.entries(node)) {
      if (key !== "parts" || node.type !== "Word") this.visit(child, depth + 1);
    }
  }

  #command(command: Command): void {
    const { name, prefix, args, redirects, pos: start, end } = command;
    const assignments = prefix.filter((each) => each.type === "Assignment");
    const words = [...(name === undefined ? [] : [name]), ...args.map(asWord)];
    this.#add({ words, assignments, redirects, isCertain: this.#certain.has(command), start, end });
  }

  #redirected({ redirects, pos: start, end }: { redirects: Redirection[]; pos: number; end: number }): void {
    this.#add({ words: [], assignments: [], redirects, isCertain: false, start, end });
  }

  #add(command: Omit<ShellCommand, "before">): void {
    const added = { ...command, before: this.#last };
    this.commands.push(added);
    this.#last = added;
  }

  #variables(node: { pos: number; end: number } & TreeNode): void {
    const { type, pos, end } = node;
    if (type === "For" || type === "Select") this.setElsewhere.set(nameOf(node), { pos, end });
    if (type === "FileDescriptorVariable") this.setElsewhere.set(node.name as string, { pos, end });
    // `${X:=…}`
    if (type === "ParameterExpansion" && node.operation?.operator?.endsWith("="))
      this.setElsewhere.set(node.parameter ?? "", { pos, end });
    // `((X = …))`
    if (type === "ArithmeticWord" && /^[A-Za-z_]\w*$/.test(node.value ?? ""))
      this.setElsewhere.set(node.value ?? "", { pos, end });
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
  readonly background?: boolean;
  readonly name?: unknown;
  readonly value?: string;
  readonly parameter?: string;
  readonly operation?: { readonly operator?: string };
  readonly errors?: readonly { readonly message: string }[];
}

function isSubstitution(type: string): boolean {
  return type === "CommandExpansion" || type === "ProcessSubstitution" || type === "ArithmeticCommandExpansion";
}

export type { Redirection, Word, WordPart };
