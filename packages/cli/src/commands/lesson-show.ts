import { loadMesh } from "@memomesh/mesh";
import { findLesson, readLessons } from "@memomesh/mesh/lessons";
import type { CommandModule } from "../commands.ts";
import { withExamples } from "../help.ts";
import { lessonData, lessonLines } from "../lesson-lines.ts";

export const define: CommandModule["define"] = (command, { output }) => {
  withExamples(command, [
    ["memomesh lesson show docs/ai-lessons.md:12", "as `lesson list` names it; a title will do too"],
  ])
    .argument("<lesson>", "file:line, a title, or the beginning of one")
    .action(async (reference: string) => {
      const found = findLesson(await readLessons(await loadMesh(process.cwd())), reference);
      output.data(lessonData(found));
      for (const line of lessonLines(found, output.columns)) output.line(line);
    });
};
