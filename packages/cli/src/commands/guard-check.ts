import { Exit } from "@memomesh/core";
import { classifyCommand, decideCommand, misleadingParts } from "@memomesh/guard";
import { groundOf } from "@memomesh/mesh/hooks";
import type { CommandModule } from "../commands.ts";
import { withExamples } from "../help.ts";
import { riskText } from "../step-lines.ts";
import { paint, text } from "../text.ts";

/** Reasons that are printed; the others are in --json. */
const mostReasons = 10;

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
      const step = classifyCommand(shellText, ground.programs);
      const lies = misleadingParts(shellText, "command");
      output.data({ node: ground.node.id, ...decision, step, misleading: lies });
      output.line(text`${allowed ? paint("green", "allowed") : paint("red", "denied ")}  ${reason}`);
      if (!allowed) output.line(text`         ${paint("dim", instead)}`);
      const effects = step.effects.length === 0 ? "no effects" : step.effects.join(", ");
      output.line(text`As a step of a runbook: ${riskText(step.risk)} (${effects})`);
      for (const { risk, text: why, start, end } of step.reasons.slice(0, mostReasons))
        output.line(text`  ${riskText(risk)}  ${why}: ${paint("dim", shellText.slice(start, end))}`);
      const more = step.reasons.length - mostReasons;
      if (more > 0) output.line(text`  and ${more} more reasons; --json has them all`);
      if (!step.mayRun)
        output.line(text`  memomesh never runs it: a person does it by hand, and the step's check is run after it`);
      for (const { reason: lie } of lies) output.line(text`  ${paint("yellow", "note")}  ${lie}`);
      if (!allowed) exit(Exit.failed);
    });
};
