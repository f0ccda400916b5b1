import { rm } from "node:fs/promises";
import type { CommandModule } from "../commands.ts";
import { type DemoMesh, makeDemoMesh } from "../demo/demo-mesh.ts";
import { tellStory } from "../demo/story.ts";
import { withExamples } from "../help.ts";
import type { Output } from "../output.ts";
import { Asker } from "../question.ts";
import { paint, text } from "../text.ts";

export const ownInterrupt = true;
export const holdsSessions = true;

export const define: CommandModule["define"] = (command, { output }) => {
  withExamples(command, [
    ["memomesh demo", "a memo, a runbook, your approvals, a served site, a way back"],
    ["memomesh demo --keep < /dev/null", "without a person; the mesh stays to look around in"],
  ])
    .option("--keep", "keep the temporary mesh (in a terminal it always stays)")
    .action(async ({ keep = false }: { keep?: boolean }) => {
      const person = output.terminal && process.stdin.isTTY === true && !output.json;
      const demo = await makeDemoMesh();
      const end = () => void leave(demo, keep || person, output).then(() => process.exit(130));
      const asker = person ? new Asker() : undefined;
      asker?.onInterrupt(end);
      if (asker === undefined) process.once("SIGINT", end);
      try {
        await tellStory(demo, output, asker);
      } finally {
        asker?.close();
        await leave(demo, keep || person, output);
      }
    });
};

async function leave({ root }: DemoMesh, stays: boolean, output: Output): Promise<void> {
  output.line();
  if (stays) {
    output.line(text`The mesh stays in ${paint("bold", root)}`);
    output.line(text`To look around: cd there, then memomesh status, memomesh log, memomesh review.`);
  } else {
    await rm(root, { recursive: true, force: true });
    output.line(text`The temporary mesh is removed; --keep keeps it.`);
  }
}
