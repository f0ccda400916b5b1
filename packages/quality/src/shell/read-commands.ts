import { type Command, forEachChild, parse, type SyntaxNode } from "unbash";

/** One program with its arguments, as a shell text calls it. */
export interface ShellCommand {
  /** The name and the arguments; what only running would tell stands in them as it is written. */
  readonly words: readonly string[];
  /** As it is written, redirections included. */
  readonly text: string;
  /** From 1, in the text. */
  readonly line: number;
  /** Whether another command decides if it runs: behind `if`, `&&` or `||`, or in a loop's or function's body. */
  readonly guarded: boolean;
  /** Whether its failure is swallowed: `… || true`, `… || exit 0`. */
  readonly forgiven: boolean;
  /** The program whose output it reads through a pipe. */
  readonly feeder?: string;
  /** What its redirections write: `>` or `>>` and the file. */
  readonly writes: readonly { readonly appends: boolean; readonly file: string }[];
}

/**
 * The commands of a shell text, for judging how well it is written. Whether a command may run is decided by the guard,
 * which reads far more strictly.
 *
 * @returns undefined when the text is no valid shell
 */
export function readCommands(source: string): readonly ShellCommand[] | undefined {
  try {
    const script = parse(source);
    if ((script.errors ?? []).length > 0) return undefined;
    const found: ShellCommand[] = [];
    for (const statement of script.commands) collect(statement.command, false, false, source, found);
    return found;
  } catch {
    // A parser that fails on a text has not understood it, whatever its error says.
    return undefined;
  }
}

function collect(node: SyntaxNode, guarded: boolean, forgiven: boolean, source: string, found: ShellCommand[]): void {
  if (node.type === "Command") {
    if (node.name !== undefined) found.push(commandOf(node, guarded, forgiven, source));
    return;
  }
  if (node.type === "AndOr") {
    for (const [index, part] of node.commands.entries()) {
      const last = node.commands.at(-1);
      const excused = node.operators[index] === "||" && last !== part && isNothing(last);
      collect(part, guarded || index > 0, forgiven || excused, source, found);
    }
    return;
  }
  if (node.type === "Pipeline") {
    for (const [index, part] of node.commands.entries()) {
      const before = node.commands[index - 1];
      const start = found.length;
      collect(part, guarded, forgiven, source, found);
      const first = found[start];
      if (before?.type !== "Command" || first === undefined) continue;
      found[start] = { ...first, feeder: before.name?.value ?? "" };
    }
    return;
  }
  const decides = ["If", "While", "For", "ArithmeticFor", "Case", "Function"].includes(node.type);
  forEachChild(node, (child) => collect(child, guarded || decides, forgiven, source, found));
}

/** `true`, `:`, what only prints, and `exit 0`. */
function isNothing(node: SyntaxNode | undefined): boolean {
  if (node?.type !== "Command") return false;
  const name = node.name?.value ?? "";
  return ["true", ":", "echo", "printf"].includes(name) || (name === "exit" && node.args[0]?.text === "0");
}

function commandOf(node: Command, guarded: boolean, forgiven: boolean, source: string): ShellCommand {
  const words = [node.name, ...node.args].flatMap((word) =>
    word === undefined ? [] : word.type === "Word" ? word.value : word.text,
  );
  const writes = node.redirects.flatMap((redirect) =>
    redirect.type === "Redirect" && redirect.target !== undefined && /^(?:&?>>?|>\|)$/.test(redirect.operator)
      ? [{ appends: redirect.operator.endsWith(">>"), file: redirect.target.value }]
      : [],
  );
  const line = source.slice(0, node.pos).split("\n").length;
  return { words, text: source.slice(node.pos, node.end), line, guarded, forgiven, writes };
}
