import { History, loadMesh } from "@memomesh/mesh";
import { findLesson, mergeLessons, readLessons } from "@memomesh/mesh/lessons";
import type { CommandModule } from "../commands.ts";
import { withExamples } from "../help.ts";
import { paint, text } from "../text.ts";

export const define: CommandModule["define"] = (command, { output }) => {
  withExamples(command, [
    [
      "memomesh lesson merge docs/ai-lessons.md:40 docs/ai-lessons.md:12",
      "the second one stays and is counted for both",
    ],
  ])
    .argument("<from>", "the lesson that goes")
    .argument("<into>", "the older one that stays")
    .action(async (from: string, into: string) => {
      const mesh = await loadMesh(process.cwd());
      const lessons = await readLessons(mesh);
      const pair = { from: findLesson(lessons, from), into: findLesson(lessons, into) };
      const history = await History.open(mesh, (event) => {
        if (event.kind === "warning") output.note(text`${event.text}`);
      });
      try {
        await mergeLessons(mesh, history, pair, new Date());
        output.data({ from: pair.from.lesson.title, into: pair.into.lesson.title });
        output.line(text`${paint("green", "merged")}  into ${pair.into.lesson.title}`);
      } finally {
        await history.close();
      }
    });
};
