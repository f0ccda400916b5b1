import { loadMesh } from "@memomesh/mesh";
import { stageStory } from "@memomesh/mesh/stages";
import type { CommandModule } from "../commands.ts";
import { withExamples } from "../help.ts";
import { onStage } from "../staging.ts";
import { block, paint, text } from "../text.ts";

export const define: CommandModule["define"] = (command, { output }) => {
  onStage(
    withExamples(command, [["memomesh stage why 1-1", "who decided what about a stage, when, and on what ground"]]),
  ).action(async (reference: string, { inventory }: { inventory?: string }) => {
    const story = await stageStory(await loadMesh(process.cwd()), reference, inventory);
    output.data(story);
    output.line(text`${paint("bold", story.stage)}  declared in ${story.declared}`);
    output.line(text`${story.purpose}`);
    for (const { heading, text: value } of story.plan) {
      output.line();
      output.line(paint("bold", heading));
      output.line(block(value));
    }
    output.line();
    output.line(paint("bold", "What happened"));
    output.line(block(story.happened === "" ? "Nothing yet." : story.happened));
    if (story.commits.length === 0) return;
    output.line();
    output.line(paint("bold", "Commits"));
    for (const { hash, subject, by } of story.commits)
      output.line(text`  ${paint("dim", hash.slice(0, 9))}  ${subject}  ${paint("dim", by)}`);
  });
};
