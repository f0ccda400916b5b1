import { layerProgress } from "@memomesh/core/stages";
import { loadMesh } from "@memomesh/mesh";
import { readStages } from "@memomesh/mesh/stages";
import type { CommandModule } from "../commands.ts";
import { withExamples } from "../help.ts";
import { overviewLines } from "../stage-lines.ts";

export const define: CommandModule["define"] = (command, { output }) => {
  withExamples(command, [
    ["memomesh stage list", "every stage, and how far each layer is"],
    ["memomesh stage list --inventory lab --json", "one inventory, for a program"],
  ])
    .option("--inventory <name>", "only this one")
    .action(async ({ inventory }: { inventory?: string }) => {
      const overviews = await readStages(await loadMesh(process.cwd()), inventory);
      output.data(
        overviews.map(({ list, stages }) => ({
          inventory: list.name,
          layers: layerProgress(stages),
          stages: stages.map(({ stage, waitsFor }) => ({ ...stage, waitsFor, record: list.records.get(stage.id) })),
        })),
      );
      for (const [index, overview] of overviews.entries()) {
        if (index > 0) output.line();
        for (const line of overviewLines(overview)) output.line(line);
      }
    });
};
