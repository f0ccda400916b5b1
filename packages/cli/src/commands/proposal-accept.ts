import { Exit } from "@memomesh/core";
import { History, loadMesh } from "@memomesh/mesh";
import { acceptProposal, findProposal, openProposal } from "@memomesh/mesh/proposals";
import { isWanted, requireTerminal } from "../accept.ts";
import type { CommandModule } from "../commands.ts";
import { withExamples } from "../help.ts";
import { personHere } from "../person.ts";
import { proposalLines } from "../proposal-lines.ts";
import { paint, text } from "../text.ts";

export const define: CommandModule["define"] = (command, { output, exit }) => {
  withExamples(command, [
    ["memomesh proposal accept 7w1xb", "look at the difference, and say yes"],
    ["memomesh proposal accept 7w1xb --digest sha256:5f2b…", "in a script: if it is what `proposal show --json` told"],
  ])
    .argument("<proposal>", "the id of its memo, or the five characters at its end")
    .option("--digest <digest>", "the proposal's digest, as `memomesh proposal show --json` prints it")
    .action(async (reference: string, { digest }: { digest?: string }) => {
      const mesh = await loadMesh(process.cwd());
      const proposal = await openProposal(mesh, await findProposal(mesh, reference));
      if (digest === undefined) requireTerminal(output, "proposal", "a proposal", "memomesh proposal show --json");
      for (const line of proposalLines(proposal)) output.line(line);
      if (digest === undefined && !(await isWanted())) {
        output.line(text`not accepted; it waits`);
        return exit(Exit.failed);
      }
      const history = await History.open(mesh, (event) => {
        if (event.kind === "warning") output.note(text`${event.text}`);
      });
      try {
        const decider = { by: await personHere(history), at: new Date() };
        const files = await acceptProposal(mesh, history, proposal, digest ?? proposal.digest, decider);
        output.data({ id: proposal.id, node: proposal.node.id, digest: proposal.digest, accepted: files });
        output.line(text`${paint("green", "accepted")}  ${files.join(", ")}`);
        if (files.includes("AGENTS.md"))
          output.note(paint("dim", text`memomesh instructions sync brings the vendors' files into step with it.`));
      } finally {
        await history.close();
      }
    });
};
