import {
  findMemoEntry,
  loadMesh,
  type Mesh,
  nodeAt,
  nodesFrom,
  readDecisions,
  repositoriesOf,
  requireNode,
  threadIds,
} from "@memomesh/mesh";
import type { CommandModule } from "../commands.ts";
import { decisionLines } from "../decision-lines.ts";
import { withExamples } from "../help.ts";
import { readCount, readTime } from "../option-values.ts";
import { text } from "../text.ts";

interface Options {
  node?: string;
  thread?: string;
  text?: string;
  since?: Date;
  until?: Date;
  limit: number;
}

export const define: CommandModule["define"] = (command, { output }) => {
  withExamples(command, [
    ["memomesh log --node sysadmin --since '2 weeks ago'", "what happened at a node"],
    ["memomesh log --thread 7w1xb", "a whole conversation, from the memo to the last step"],
    ["memomesh log --text 'shop 1.4'", "by words of the message"],
  ])
    .option("--node <node>", "what happened at this node")
    .option("--thread <memo>", "the conversation that this memo belongs to")
    .option("--text <words>", "words in the commit message, in upper or lower case")
    .option("--since <time>", "not older: a date, or a time such as '3 days ago'", readTime)
    .option("--until <time>", "not newer", readTime)
    .option("--limit <count>", "at most this many, newest first", readCount, 30)
    .action(async ({ thread, json: _, ...query }: Options & { json?: boolean }) => {
      const mesh = await loadMesh(process.cwd());
      if (query.node !== undefined) requireNode(mesh, query.node);
      const conversation = thread === undefined ? {} : { thread: await conversationOf(mesh, thread) };
      const decisions = await readDecisions(mesh, { ...query, ...conversation });
      output.data({ decisions });
      for (const line of decisionLines(decisions)) output.line(line);
      if (decisions.length > 0) return;
      const anyHistory = (await repositoriesOf(mesh)).length > 0;
      output.note(
        anyHistory
          ? text`No commit of a memo or a runbook fits.`
          : text`This mesh is in no git repository, so it has no history. \`git init\` makes one.`,
      );
    });
};

async function conversationOf(mesh: Mesh, reference: string): Promise<string[]> {
  const entry = await findMemoEntry(nodesFrom(mesh, nodeAt(mesh, process.cwd())), reference);
  return threadIds(mesh, entry);
}
