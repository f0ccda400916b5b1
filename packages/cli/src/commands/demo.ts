import { rm } from "node:fs/promises";
import type { CommandModule } from "../commands.ts";
import { makeDemoMesh } from "../demo/demo-mesh.ts";
import { tellStory } from "../demo/story.ts";
import { withExamples } from "../help.ts";
import { Asker } from "../question.ts";
import { paint, text } from "../text.ts";

export const define: CommandModule["define"] = (command, { output }) => {
  withExamples(command, [
    ["memomesh demo", "a memo, a runbook, your approvals, a served site, a way back"],
    ["memomesh demo --keep < /dev/null", "without a person; the mesh stays to look around in"],
  ])
    .option("--keep", "keep the temporary mesh (in a terminal it always stays)")
    .action(async ({ keep = false }: { keep?: boolean }) => {
      const person = output.terminal && process.stdin.isTTY === true && !output.json;
      const asker = person ? new Asker() : undefined;
      const demo = await makeDemoMesh();
      const stays = keep || person;
      try {
        await tellStory(demo, output, asker);
        output.line();
        output.line(
          stays
            ? text`The mesh stays in ${paint("bold", demo.root)}: cd there and try \`memomesh status\`.`
            : text`The temporary mesh is removed; --keep keeps it.`,
        );
      } finally {
        asker?.close();
        if (!stays) await rm(demo.root, { recursive: true, force: true });
      }
    });
};
