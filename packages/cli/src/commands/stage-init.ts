import { loadMesh } from "@memomesh/mesh";
import { startInventory } from "@memomesh/mesh/stages";
import type { CommandModule } from "../commands.ts";
import { withExamples } from "../help.ts";
import { madeLines } from "../made.ts";
import { paint, text } from "../text.ts";

export const define: CommandModule["define"] = (command, { output }) => {
  withExamples(command, [
    ["memomesh stage init", "inventories/main/stages.yml, with two stages to be changed into yours"],
    ["memomesh stage init lab", "another inventory"],
  ])
    .argument("[name]", "of the inventory", "main")
    .action(async (name: string) => {
      const made = await startInventory(await loadMesh(process.cwd()), name);
      output.data(made);
      for (const line of madeLines([made])) output.line(line);
      output.line(paint("dim", text`  change it into yours, then: memomesh stage list`));
    });
};
