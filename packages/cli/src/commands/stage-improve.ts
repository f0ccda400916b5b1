import { improveStage } from "@memomesh/mesh/stages";
import type { CommandModule } from "../commands.ts";
import { withExamples } from "../help.ts";
import { readRounds } from "../option-values.ts";
import { onStage, workAndShow } from "../staging.ts";

export const ownInterrupt = true;
export const holdsSessions = true;

interface Options {
  inventory?: string;
  rounds: number;
}

export const define: CommandModule["define"] = (command, { output, exit }) => {
  onStage(
    withExamples(command, [
      ["memomesh stage improve 1-1-reverse-proxy", "show it to the gate again, and let an agent mend what is left"],
      ['memomesh stage improve 1-1 "use half of the memory"', "what you want better"],
    ]),
  )
    .argument("[wish...]", "what should be better, in your words")
    .option("--rounds <count>", "how often an agent may try", readRounds, 3)
    .action(async (reference: string, words: string[], { inventory, rounds }: Options) => {
      const wish = words.join(" ");
      exit(
        await workAndShow(output, (mesh, attendance) =>
          improveStage(mesh, { reference, inventory, rounds, wish }, attendance),
        ),
      );
    });
};
