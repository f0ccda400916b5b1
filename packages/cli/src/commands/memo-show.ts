import { readFile } from "node:fs/promises";
import { lineAt, parseMemo } from "@memomesh/core";
import { misleadingParts } from "@memomesh/guard";
import { findMemoEntry, nodesFrom } from "@memomesh/mesh";
import type { CommandModule } from "../commands.ts";
import { withExamples } from "../help.ts";
import { meshHere, shown } from "../here.ts";
import { memoData } from "../memo-lines.ts";
import { misleadingLines } from "../misleading-lines.ts";
import { block, paint, text } from "../text.ts";

export const define: CommandModule["define"] = (command, { output }) => {
  withExamples(command, [
    ["memomesh memo show 7w1xb", "by the end of its id, which is the end of its file name"],
    ["memomesh memo show 7w1xb --json | jq -r .body", "only the text below the header"],
  ])
    .argument("<memo>", "its id, or the five characters at the end of its file name")
    .action(async (reference: string) => {
      const { mesh, node } = await meshHere();
      const entry = await findMemoEntry(nodesFrom(mesh, node), reference);
      const memo = parseMemo(await readFile(entry.path, "utf8"), shown(entry.path), { to: entry.node });
      // What cannot be seen is made visible where it stands.
      const misleading = misleadingParts(memo.source, "markdown")
        .filter(({ kind }) => kind !== "invisible")
        .map(({ kind, reason, start }) => ({ where: "the memo", line: lineAt(memo.source, start), kind, reason }));
      output.data({ ...memoData(entry), body: memo.body, misleading });
      output.line(paint("dim", text`${entry.box} of ${entry.node}: ${shown(entry.path)}`));
      for (const line of misleadingLines(misleading, { width: output.columns })) output.line(line);
      output.line();
      output.line(block(memo.source.trimEnd()));
    });
};
