import { loadMesh } from "@memomesh/mesh";
import { why } from "@memomesh/mesh/why";
import type { CommandModule } from "../commands.ts";
import { withExamples } from "../help.ts";
import { storyLines } from "../story-lines.ts";

export const define: CommandModule["define"] = (command, { output }) => {
  withExamples(command, [
    ["memomesh why projects/sysadmin/compose.yml:12", "who asked for this line, who wrote it, who let it run"],
    ["memomesh why port 8080", "why a port is open"],
    ["memomesh why 'why is port 8080 open?'", "the same in your words"],
    ["memomesh why 7w1xb#2", "the second step of a runbook"],
  ])
    .argument(
      "<what...>",
      "a path, path:line, service, port, runbook, runbook#step, memo, stage, a lesson's title, or a question with one of these",
    )
    .action(async (words: string[]) => {
      const mesh = await loadMesh(process.cwd());
      const story = await why(mesh, words.join(" "), process.cwd());
      output.data(story);
      for (const line of storyLines(story)) output.line(line);
    });
};
