import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { Exit, MeshError } from "@memomesh/core";
import { findMeshRoot, loadMesh } from "@memomesh/mesh";
import { checkByLessons } from "@memomesh/mesh/lessons";
import type { CommandModule } from "../commands.ts";
import { withExamples } from "../help.ts";
import { shown } from "../here.ts";
import { paint, text } from "../text.ts";

export const define: CommandModule["define"] = (command, { output, exit }) => {
  withExamples(command, [
    ["memomesh lesson check .", "every detector on any repository; ends with 1 when one finds something"],
  ])
    .argument("<path>", "a file or folder")
    .action(async (reference: string) => {
      const path = resolve(reference);
      if (!existsSync(path)) {
        throw new MeshError("lesson.path", `there is no ${reference} here; expected a file or folder`, {
          exit: Exit.usage,
        });
      }
      const mesh = findMeshRoot(process.cwd()) === undefined ? undefined : await loadMesh(process.cwd());
      const findings = await checkByLessons(mesh, path, shown);
      output.data({ findings });
      for (const { file, line, text: said, fix } of findings) {
        output.line(text`${paint("cyan", line === undefined ? file : `${file}:${line}`)}  ${said}`);
        if (fix !== undefined) output.line(paint("dim", `  ${fix}`));
      }
      if (findings.length === 0) output.line(text`${paint("green", "ok")}  No lesson is violated.`);
      else exit(Exit.failed);
    });
};
