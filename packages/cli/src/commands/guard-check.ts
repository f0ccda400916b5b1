import { Exit } from "@memomesh/core";
import { decideCommand } from "@memomesh/guard";
import { groundOf } from "@memomesh/mesh";
import type { CommandModule } from "../commands.ts";
import { withExamples } from "../help.ts";
import { paint, text } from "../text.ts";

export const define: CommandModule["define"] = (command, { output, exit }) => {
  withExamples(command, [
    ["memomesh guard check 'npm test && kubectl get pods'", "as the agent of the node in whose folder you are"],
    ["memomesh guard check 'cat ../shop/dist/app.js' --node sysadmin", "as that of another node, in its folder"],
  ])
    .argument("<command>", "shell text, in quotes")
    .option("--node <node>", "the agent's node (default: the one in whose folder you are)")
    .action(async (shellText: string, { node }: { node?: string }) => {
      const { ground } = await groundOf(node === undefined ? {} : { node }, process.cwd());
      const cwd = node === undefined ? ground.realPath(process.cwd()) : ground.node.folder;
      const decision = decideCommand(shellText, cwd, ground);
      const { allowed, reason, instead } = decision;
      output.data({ node: ground.node.id, ...decision });
      output.line(text`${allowed ? paint("green", "allowed") : paint("red", "denied ")}  ${reason}`);
      if (!allowed) output.line(text`         ${paint("dim", instead)}`);
      if (!allowed) exit(Exit.failed);
    });
};
