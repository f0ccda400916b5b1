import { readBox } from "@memomesh/mesh";
import type { CommandModule } from "../commands.ts";
import { withExamples } from "../help.ts";
import { meshHere } from "../here.ts";
import { memoData, memoLines } from "../memo-lines.ts";
import { text } from "../text.ts";

export const define: CommandModule["define"] = (command, { output }) => {
  withExamples(command, [
    ["memomesh inbox", "yours, at the mesh's root; a node's, in its folder"],
    ["memomesh inbox sysadmin", "what waits for sysadmin"],
  ])
    .argument("[node]", "whose inbox (default: the node whose folder you are in, else operator)")
    .action(async (named: string | undefined) => {
      const { node } = await meshHere(named);
      const entries = await readBox(node, "incoming");
      output.data({ node: node.id, memos: entries.map(memoData) });
      for (const line of memoLines(entries, { node: false })) output.line(line);
      if (entries.length === 0) output.note(text`Nothing waits for ${node.id}.`);
    });
};
