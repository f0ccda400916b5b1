import { loadMesh } from "@memomesh/mesh";
import { lookAtStage, observeRunbook } from "@memomesh/mesh/stages";
import type { CommandModule } from "../commands.ts";
import { withExamples } from "../help.ts";
import { nextCommand } from "../stage-lines.ts";
import { onStage } from "../staging.ts";
import { paint, table, text } from "../text.ts";

export const define: CommandModule["define"] = (command, { output }) => {
  onStage(withExamples(command, [["memomesh stage status 1-1", "where a stage stands, and what comes next"]])).action(
    async (reference: string, { inventory }: { inventory?: string }) => {
      const mesh = await loadMesh(process.cwd());
      const { stage, record, waitsFor, list } = await lookAtStage(mesh, reference, inventory);
      const run = (await observeRunbook(mesh, record))?.progress;
      output.data({ ...stage, inventory: list.name, waitsFor, record, run });
      output.line(text`${paint("bold", stage.id)}  ${stage.name}  ${paint("bold", record.state)}`);
      output.line(text`${stage.purpose.trim()}`);
      output.line();
      const rows = [
        ["waits for", waitsFor.join(", ")],
        ["plan", record.plan ?? ""],
        ["runbook", record.runbook ?? ""],
        ["run", run === undefined ? "" : `${run.state}, ${run.fulfilled} of ${run.total} steps are in place`],
        ["gate", record.gate === undefined ? "" : `${record.gate} of 100`],
        ["improved", record.rounds === 0 ? "" : `${record.rounds} times`],
        ["documented", record.documentation ?? ""],
        ["waived", record.waiver === undefined ? "" : `${record.waiver.why} (${record.waiver.by})`],
      ].filter(([, value]) => value !== "");
      for (const line of table(
        rows.map(([name = "", value = ""]) => [paint("dim", name), value]),
        2,
      ))
        output.line(line);
      output.line(text`${paint("cyan", nextCommand(stage.id, record.state))}  ${paint("dim", "comes next")}`);
    },
  );
};
