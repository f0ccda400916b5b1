import { Exit } from "@memomesh/core";
import { findTooLong, loadMesh } from "@memomesh/mesh";
import type { CommandModule } from "../commands.ts";
import { withExamples } from "../help.ts";
import { paint, text } from "../text.ts";
import { wrapWords } from "../wrap.ts";

export const define: CommandModule["define"] = (command, { output, exit }) => {
  withExamples(command, [
    [
      "memomesh instructions check",
      "instructions, STATE.md, platform reference and lessons; ends with 1 when one is too long",
    ],
  ]).action(async () => {
    const found = await findTooLong(await loadMesh(process.cwd()));
    output.data({ tooLong: found });
    for (const { file, line, sentence } of found) {
      output.line(text`${paint("cyan", `${file}:${line}`)}`);
      for (const row of wrapWords(`  ${sentence}`, output.columns)) output.line(text`${row}`);
    }
    if (found.length === 0) output.line(text`${paint("green", "ok")}  Nothing has grown too long to be read.`);
    else exit(Exit.failed);
  });
};
