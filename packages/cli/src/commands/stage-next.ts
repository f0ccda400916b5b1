import { nextStages } from "@memomesh/core/stages";
import { loadMesh } from "@memomesh/mesh";
import { goOnWithNext, readStages } from "@memomesh/mesh/stages";
import type { CommandModule } from "../commands.ts";
import { withExamples } from "../help.ts";
import { nextCommand, stageRows } from "../stage-lines.ts";
import { workAndShow } from "../staging.ts";
import { paint, text } from "../text.ts";

interface Options {
  inventory?: string;
  id?: boolean;
  go?: boolean;
}

export const ownInterrupt = true;
export const holdsSessions = true;

export const define: CommandModule["define"] = (command, { output, exit }) => {
  withExamples(command, [
    ["memomesh stage next", "what can be done now, the most urgent first, and the command for it"],
    ["memomesh stage plan $(memomesh stage next --id)", "for scripts"],
  ])
    .option("--inventory <name>", "only this one")
    .option("--id", "print only the id of the first")
    .option("--go", "take the first that an agent can work on one step further")
    .action(async ({ inventory, id = false, go = false }: Options) => {
      if (go) return exit(await workAndShow(output, (mesh, attendance) => goOnWithNext(mesh, inventory, attendance)));
      const overviews = await readStages(await loadMesh(process.cwd()), inventory);
      const next = overviews.flatMap(({ list, stages }) =>
        nextStages(stages).map((standing) => ({ list, ...standing })),
      );
      output.data(
        next.map(({ list, stage, state }) => ({
          inventory: list.name,
          id: stage.id,
          name: stage.name,
          state,
          command: nextCommand(stage.id, state),
        })),
      );
      const [first] = next;
      if (id) return first === undefined ? undefined : output.line(text`${first.stage.id}`);
      for (const { list, stages } of overviews) {
        const rows = nextStages(stages);
        if (overviews.length > 1) output.line(paint("bold", list.name));
        if (rows.length === 0) output.line(text`  Every stage of ${list.name} is complete.`);
        for (const line of stageRows(list, rows)) output.line(line);
      }
      if (first !== undefined)
        output.line(
          text`\n${paint("cyan", nextCommand(first.stage.id, first.state))}  ${paint("dim", first.stage.purpose.trim().split("\n", 1)[0] ?? "")}`,
        );
    });
};
