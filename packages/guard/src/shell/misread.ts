import type { ParameterExpansionPart, SyntaxNode } from "unbash";

/** A pattern without substitutions: text, `$name` and `${name}`. */
const plainPattern = /^(?:[^$`]|\$\w|\$\{\w+\}|\$$)*$/;
/** Bash takes away the quotes in arithmetic and then runs what stood between them. */
const quotedCommand = /['\\]/;
const substitution = /\$[('{]|`/;

/**
 * Whether bash may run commands in such a part of the tree that unbash 6.0.4 does not tell of. Seen by running the text in bash:
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
      return hidesInArithmetic(node.index?.text ?? "") || isRun(node.operation);
    case "Assignment":
      return hidesInArithmetic(node.index?.text ?? "");
    default:
      return false;
  }
}

/** `${name@P}`: bash runs the substitutions that the value holds. What other letters do later is not known. */
function isRun(operation: ParameterExpansionPart["operation"]): boolean {
  return operation?.type === "Transform" && !/^[UuLQEAKak]$/.test(operation.operand.text);
}

function hidesInArithmetic(text: string): boolean {
  return quotedCommand.test(text) && substitution.test(text);
}
