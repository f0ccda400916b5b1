import { History, loadMesh } from "@memomesh/mesh";
import { findProposal, rejectProposal } from "@memomesh/mesh/proposals";
import type { CommandModule } from "../commands.ts";
import { withExamples } from "../help.ts";
import { personHere } from "../person.ts";
import { text } from "../text.ts";

export const define: CommandModule["define"] = (command, { output }) => {
  withExamples(command, [
    ["memomesh proposal reject 7w1xb --reason 'The rule stays.'", "the node gets the reason as a notice"],
  ])
    .argument("<proposal>", "the id of its memo, or the five characters at its end")
    .requiredOption("--reason <text>", "why, for the node and the history")
    .action(async (reference: string, { reason }: { reason: string }) => {
      const mesh = await loadMesh(process.cwd());
      const memo = await findProposal(mesh, reference);
      const { id, from, subject } = memo.memo.header;
      const history = await History.open(mesh, (event) => {
        if (event.kind === "warning") output.note(text`${event.text}`);
      });
      try {
        await rejectProposal(mesh, history, memo, reason, { by: await personHere(history), at: new Date() });
      } finally {
        await history.close();
      }
      output.data({ id, node: from, subject, rejected: reason });
      output.line(text`rejected  ${subject}`);
    });
};
