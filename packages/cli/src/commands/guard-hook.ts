import type { CommandModule } from "../commands.ts";
import { withExamples } from "../help.ts";
import { hook } from "../hook.ts";

/** Only its help comes from here: `main.ts` hands the command itself to `hook.ts`, which starts faster. */
export const define: CommandModule["define"] = (command, { exit }) => {
  withExamples(command, [
    ["memomesh guard hook --for claude --node shop < call.json", "decide on one use of a tool, as Claude Code asks it"],
  ])
    .requiredOption("--for <program>", "whose hook it is: claude, codex or gemini")
    .option("--node <node>", "the agent's node (default: the one in whose folder it is)")
    .option("--mesh <folder>", "the mesh (default: the one around the agent's folder)")
    .option("--allow-server <server>", "an MCP server that the agent may use besides memomesh; may be given again")
    .option("--checkout <folder>", "a session's private copy of the mesh, instead of the mesh")
    .option("--folder <folder>", "with --checkout: the node's folder in it")
    .option("--programs <json>", "with --checkout: what mesh.yml says under guard.programs")
    .option("--audit <folder>", "where decisions are kept (default: .memomesh/audit/<node> of the mesh)")
    .action(async () => exit(await hook(process.argv.slice(4))));
};
