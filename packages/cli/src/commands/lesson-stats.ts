import { loadMesh } from "@memomesh/mesh";
import { readLessons } from "@memomesh/mesh/lessons";
import type { CommandModule } from "../commands.ts";
import { withExamples } from "../help.ts";
import { lessonRow } from "../lesson-lines.ts";
import { paint, table, text } from "../text.ts";

/** Lessons that came back most are shown. */
const mostAgain = 5;

export const define: CommandModule["define"] = (command, { output }) => {
  withExamples(command, [
    ["memomesh lesson stats", "how many there are, how many a machine checks, which came back"],
  ]).action(async () => {
    const lessons = await readLessons(await loadMesh(process.cwd()));
    const rows = [...Map.groupBy(lessons, ({ node }) => node)].map(([node, own]) => ({
      node: node.operator ? "all nodes" : node.id,
      lessons: own.length,
      detectors: own.filter(({ lesson }) => lesson.detect !== undefined).length,
      recurrences: own.reduce((sum, { lesson }) => sum + (lesson.seen ?? 1) - 1, 0),
    }));
    const again = lessons
      .filter(({ lesson }) => (lesson.seen ?? 1) > 1)
      .sort((a, b) => (b.lesson.seen ?? 1) - (a.lesson.seen ?? 1));
    output.data({ nodes: rows, again: again.map(({ lesson: { title, seen } }) => ({ title, seen })) });
    if (rows.length === 0) output.line(text`There are no lessons yet.`);
    const shown = rows.map((row) => [
      paint("bold", row.node),
      text`${row.lessons} ${row.lessons === 1 ? "lesson" : "lessons"}`,
      text`${row.detectors} with a detector`,
      text`learned again ${row.recurrences === 1 ? "once" : `${row.recurrences} times`}`,
    ]);
    for (const line of table(shown)) output.line(line);
    for (const line of table(again.slice(0, mostAgain).map(lessonRow), 2)) output.line(line);
  });
};
