import { planStage } from "@memomesh/mesh/stages";
import type { CommandModule } from "../commands.ts";
import { withExamples } from "../help.ts";
import { onStage, workAndShow } from "../staging.ts";

export const ownInterrupt = true;
export const holdsSessions = true;

export const define: CommandModule["define"] = (command, { output, exit }) => {
  onStage(
    withExamples(command, [["memomesh stage plan 1-1-reverse-proxy", "the architect decides what to build and why"]]),
  ).action(async (reference: string, { inventory }: { inventory?: string }) =>
    exit(await workAndShow(output, (mesh, attendance) => planStage(mesh, { reference, inventory }, attendance))),
  );
};
