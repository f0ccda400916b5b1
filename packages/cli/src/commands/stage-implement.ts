import { implementStage } from "@memomesh/mesh/stages";
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
      ["memomesh stage implement 1-1-reverse-proxy", "the engineer builds what was planned; the gate looks at it"],
      ["memomesh stage implement 1-1 --rounds 0", "without improving what the gate refuses"],
    ]),
  )
    .option("--rounds <count>", "how often an agent may improve what the gate refuses", readRounds, 3)
    .action(async (reference: string, { inventory, rounds }: Options) =>
      exit(
        await workAndShow(output, (mesh, attendance) =>
          implementStage(mesh, { reference, inventory, rounds }, attendance),
        ),
      ),
    );
};
