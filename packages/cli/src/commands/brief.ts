import { briefText, readBrief, sendBrief } from "@memomesh/mesh/brief";
import type { CommandModule } from "../commands.ts";
import { withExamples } from "../help.ts";
import { meshHere } from "../here.ts";
import { proseLines } from "../layout.ts";
import { readTime } from "../option-values.ts";
import { tellSent } from "../sent.ts";

interface Options {
  since?: Date;
  memo?: string | true;
}

const day = 86_400_000;

export const define: CommandModule["define"] = (command, { output }) => {
  withExamples(command, [
    ["memomesh brief", "what moved since yesterday, what waits for whom, what is stuck, what it cost"],
    ["memomesh brief --since '3 days ago' > monday.md", "after a weekend, as Markdown"],
    ["memomesh brief --memo", "sent: by a node to the operator, by the operator to the project manager"],
  ])
    .option("--since <time>", "from when on: a date, or a time such as '3 days ago' (default: a day ago)", readTime)
    .option("--memo [node]", "send it as a memo instead of printing it")
    .action(async ({ since, memo }: Options) => {
      const { mesh, node } = await meshHere();
      const now = new Date();
      const brief = await readBrief(mesh, since ?? new Date(now.getTime() - day), now);
      if (memo !== undefined) {
        tellSent(output, await sendBrief(mesh, node, brief, memo === true ? undefined : memo));
        return;
      }
      output.data(brief);
      for (const line of proseLines(briefText(brief).trimEnd(), { width: output.columns })) output.line(line);
    });
};
