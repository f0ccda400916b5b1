import type { MemoBox } from "@memomesh/mailbox";
import { boxes, readBox } from "@memomesh/mesh";
import { Option } from "commander";
import type { CommandModule } from "../commands.ts";
import { withExamples } from "../help.ts";
import { meshHere } from "../here.ts";
import { memoData, memoLines } from "../memo-lines.ts";
import { readCount } from "../option-values.ts";
import { text } from "../text.ts";

interface Options {
  box: MemoBox;
  node?: string;
  all?: boolean;
  limit: number;
}

export const define: CommandModule["define"] = (command, { output }) => {
  withExamples(command, [
    ["memomesh memo list", "what waits for the node whose folder you are in"],
    ["memomesh memo list --all --box rejected", "what could not be delivered, anywhere"],
    ["memomesh memo list --node sysadmin --box archived --limit 5", "the last that sysadmin has done"],
  ])
    .addOption(new Option("--box <box>", "which part of the mailbox").choices(boxes).default("incoming"))
    .option("--node <node>", "whose mailbox (default: the node whose folder you are in, else operator)")
    .option("--all", "the mailboxes of all nodes")
    .option("--limit <count>", "at most this many of each node, newest first", readCount, 50)
    .action(async ({ box, node: named, all = false, limit }: Options) => {
      const { mesh, node } = await meshHere(named);
      const nodes = all ? [...mesh.nodes.values()] : [node];
      const entries = (await Promise.all(nodes.map((each) => readBox(each, box, limit)))).flat();
      output.data({ memos: entries.map(memoData) });
      for (const line of memoLines(entries, { node: all })) output.line(line);
      if (entries.length === 0) output.note(text`Nothing in ${box} of ${all ? "any node" : node.id}.`);
    });
};
