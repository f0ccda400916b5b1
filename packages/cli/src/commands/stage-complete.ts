import { History, loadMesh } from "@memomesh/mesh";
import { completeStage } from "@memomesh/mesh/stages";
import type { CommandModule } from "../commands.ts";
import { withExamples } from "../help.ts";
import { personHere } from "../person.ts";
import { onStage } from "../staging.ts";
import { paint, text } from "../text.ts";

interface Options {
  inventory?: string;
  waive?: string;
}

export const define: CommandModule["define"] = (command, { output }) => {
  onStage(
    withExamples(command, [
      ["memomesh stage complete 1-1-reverse-proxy", "it passed the gate, was executed, and is documented"],
      ['memomesh stage complete 1-1 --waive "done by hand on Friday"', "without its runbook, in your name"],
    ]),
  )
    .option("--waive <reason>", "why its runbook need not have been executed; recorded with your name")
    .action(async (reference: string, { inventory, waive }: Options) => {
      const mesh = await loadMesh(process.cwd());
      const history = await History.open(mesh, () => {});
      const { name } = await personHere(history).finally(() => history.close());
      const { stage, record } = await completeStage(mesh, { reference, inventory, waive }, name);
      output.data({ stage: stage.id, record });
      output.line(text`${paint("green", "complete")}  ${stage.id}: ${stage.name}`);
      if (record.waiver !== undefined)
        output.line(text`          without an executed runbook: ${record.waiver.why} (${record.waiver.by})`);
      output.line(text`${paint("cyan", "memomesh stage next")}  ${paint("dim", "what comes now")}`);
    });
};
