import { loadMesh, requireNode } from "@memomesh/mesh";
import { readLessons } from "@memomesh/mesh/lessons";
import type { CommandModule } from "../commands.ts";
import { withExamples } from "../help.ts";
import { lessonData, lessonRow } from "../lesson-lines.ts";
import { table, text } from "../text.ts";

export const define: CommandModule["define"] = (command, { output }) => {
  withExamples(command, [
    ["memomesh lesson list", "the shared lessons and those of every node"],
    ["memomesh lesson list --node sysadmin --json", "for a script"],
  ])
    .option("--node <id>", "only those of this node; operator: the shared ones")
    .option("--category <name>", "only those below this heading")
    .action(async ({ node, category }: { node?: string; category?: string }) => {
      const mesh = await loadMesh(process.cwd());
      const wanted = node === undefined ? undefined : requireNode(mesh, node);
      const lessons = (await readLessons(mesh)).filter(
        (each) =>
          (wanted === undefined || each.node.id === wanted.id) &&
          (category === undefined || each.lesson.category?.toLowerCase() === category.toLowerCase()),
      );
      output.data({ lessons: lessons.map(lessonData) });
      if (lessons.length === 0) output.line(text`There are no lessons yet; memomesh lesson add keeps one.`);
      for (const line of table(lessons.map(lessonRow))) output.line(line);
    });
};
