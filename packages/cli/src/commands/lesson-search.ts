import { Exit } from "@memomesh/core";
import { loadMesh } from "@memomesh/mesh";
import { readLessons, searchLessons } from "@memomesh/mesh/lessons";
import type { CommandModule } from "../commands.ts";
import { withExamples } from "../help.ts";
import { lessonData, lessonRow } from "../lesson-lines.ts";
import { table, text } from "../text.ts";

const most = 10;

export const define: CommandModule["define"] = (command, { output, exit }) => {
  withExamples(command, [
    ["memomesh lesson search half of the requests fail with 502", "what you see, in your own words"],
  ])
    .argument("<words...>", "the symptom")
    .action(async (words: string[]) => {
      const lessons = await readLessons(await loadMesh(process.cwd()));
      const found = searchLessons(lessons, words.join(" "), most);
      output.data({ lessons: found.map(lessonData) });
      if (found.length === 0) {
        output.line(text`No lesson shares a word with that.`);
        return exit(Exit.failed);
      }
      for (const line of table(found.map(lessonRow))) output.line(line);
    });
};
