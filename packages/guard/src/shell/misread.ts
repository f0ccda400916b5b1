import type { SyntaxNode } from "unbash";

/** A pattern without substitutions: text, `$name` and `${name}`. */
const plainPattern = /^(?:[^$`]|\$\w|\$\{\w+\}|\$$)*$/;
/** Bash takes away the quotes in arithmetic and then runs what stood between them. */
const quotedCommand = /['\\]/;
const substitution = /\$[('{]|`/;

/**
 * Whether unbash 6.0.4 is known to lose commands in such a part of the tree. Seen by running the text in bash:
 *
 * - in `${name/pattern/text}` it ends the pattern at the first slash, also inside of a `$(…)`;
 * - in arithmetic, also that of an index or a slice, it takes single quotes for quotes: `$(( '$(rm x)' ))`.
 */
export function isMisread(node: SyntaxNode): boolean {
  switch (node.type) {
    case "Replace":
      return !plainPattern.test(node.pattern.text);
    case "ArithmeticWord":
      return hidesInArithmetic(node.value);
    case "Slice":
      return hidesInArithmetic(node.offset.text) || hidesInArithmetic(node.length?.text ?? "");
    case "ParameterExpansion":
    case "Assignment":
      return hidesInArithmetic(node.index?.text ?? "");
    default:
      return false;
  }
}

function hidesInArithmetic(text: string): boolean {
  return quotedCommand.test(text) && substitution.test(text);
}
