import { relative } from "node:path";
import { printLesson } from "@memomesh/core";
import { History, loadMesh, refuseSecrets, requireNode } from "@memomesh/mesh";
import { addLesson } from "@memomesh/mesh/lessons";
import type { CommandModule } from "../commands.ts";
import { withExamples } from "../help.ts";
import { paint, text } from "../text.ts";

interface Options {
  symptom: string;
  cause: string;
  fix: string;
  appliesTo: string[];
  highImpact?: true;
  category?: string;
  node: string;
}

export const define: CommandModule["define"] = (command, { output }) => {
  withExamples(command, [
    [
      "memomesh lesson add 'Half of the traffic goes to the database' --symptom '502 every second request' --cause 'the selector matches both' --fix 'add a component label' --applies-to '**/*.yaml'",
      "keep it for all nodes; what says the same is counted instead",
    ],
  ])
    .argument("<title>", "the failure in a few words")
    .requiredOption("--symptom <text>", "what one sees")
    .requiredOption("--cause <text>", "why it happens")
    .requiredOption("--fix <text>", "what to do about it")
    .option("--applies-to <globs...>", "files that it is about", [])
    .option("--category <name>", "the heading below which it is kept")
    .option("--high-impact", "told to every session, whatever its memo is about")
    .option("--node <id>", "whose lesson it is; operator: that of all nodes", "operator")
    .action(async (title: string, { node: id, highImpact, category, ...told }: Options) => {
      const mesh = await loadMesh(process.cwd());
      const node = requireNode(mesh, id);
      const lesson = { title, ...told, ...(highImpact === undefined ? {} : { impact: "high" as const }) };
      await refuseSecrets(printLesson(lesson), "the lesson", mesh.guard, "lesson.secret");
      const history = await History.open(mesh, (event) => {
        if (event.kind === "warning") output.note(text`${event.text}`);
      });
      try {
        const { known, path } = await addLesson(
          mesh,
          node,
          history,
          lesson,
          new Date(),
          category?.replace(/\s+/g, " ").trim(),
        );
        const file = relative(mesh.root, path);
        output.data({ file, added: known === undefined, known: known?.title ?? null });
        if (known === undefined) output.line(text`${paint("green", "kept")}  ${file}`);
        else output.line(text`${paint("yellow", "known")}  counted once more: ${known.title} (${file}:${known.line})`);
      } finally {
        await history.close();
      }
    });
};
