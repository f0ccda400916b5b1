import type { CommandNode, CompoundList, PipelineNode } from "unbash";

/**
 * Whether a function starts itself side by side with itself, whatever happens before: `f() { f | f & }`. One that only
 * calls itself behind a condition or in a loop ends when there is nothing left to do.
 */
export function isForkBomb(name: string, body: CommandNode | CompoundList): boolean {
  return startsBeside(name, body, false);
}

/** @param beside whether what stands here runs at the same time as what comes next */
function startsBeside(name: string, node: CommandNode | CompoundList, beside: boolean): boolean {
  switch (node.type) {
    case "Command":
      return beside && node.name?.value === name;
    case "Redirected":
      return startsBeside(name, node.command, beside);
    case "BraceGroup":
    case "Subshell":
      return startsBeside(name, node.body, beside);
    case "CompoundList":
      return node.commands.some(({ command, background }) => {
        const first: PipelineNode | undefined = command.type === "AndOr" ? command.commands[0] : command;
        const parts = first?.type === "Pipeline" ? first.commands : first === undefined ? [] : [first];
        return parts.some((part) => startsBeside(name, part, beside || background === true || parts.length > 1));
      });
    default:
      return false;
  }
}
