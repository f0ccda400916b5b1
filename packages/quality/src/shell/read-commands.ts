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
  /** Whether its failure is swallowed: `… || true`. */
  readonly forgiven: boolean;
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
  const decides = ["If", "While", "For", "ArithmeticFor", "Case", "Function"].includes(node.type);
  forEachChild(node, (child) => collect(child, guarded || decides, forgiven, source, found));
}

/** `true`, `:` and what only prints. */
function isNothing(node: SyntaxNode | undefined): boolean {
  return node?.type === "Command" && ["true", ":", "echo", "printf"].includes(node.name?.value ?? "");
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
