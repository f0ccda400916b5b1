import { loadMesh } from "@memomesh/mesh";
import { findProposal, openProposal } from "@memomesh/mesh/proposals";
import type { CommandModule } from "../commands.ts";
import { withExamples } from "../help.ts";
import { proposalData, proposalLines } from "../proposal-lines.ts";

export const define: CommandModule["define"] = (command, { output }) => {
  withExamples(command, [["memomesh proposal show 7w1xb", "as `memomesh proposal list` names it"]])
    .argument("<proposal>", "the id of its memo, or the five characters at its end")
    .action(async (reference: string) => {
      const mesh = await loadMesh(process.cwd());
      const proposal = await openProposal(mesh, await findProposal(mesh, reference));
      output.data(proposalData(proposal));
      for (const line of proposalLines(proposal)) output.line(line);
    });
};
