import { loadMesh } from "@memomesh/mesh";
import { readCollectors } from "@memomesh/mesh/facts";
import type { CommandModule } from "../commands.ts";
import { collectorData, collectorLines } from "../fact-lines.ts";
import { withExamples } from "../help.ts";
import { text } from "../text.ts";

export const define: CommandModule["define"] = (command, { output }) => {
  withExamples(command, [
    ["memomesh facts list", "what mesh.yml declares under `facts:`, and what it has told last"],
    ["memomesh facts list --json", "with the digest that an acceptance is bound to"],
  ]).action(async () => {
    const now = new Date();
    const collectors = await readCollectors(await loadMesh(process.cwd()), now);
    output.data({ facts: collectors.map(collectorData) });
    if (collectors.length === 0)
      output.line(text`mesh.yml declares no collectors; docs/formats.md, "Facts", shows how.`);
    for (const collector of collectors) for (const line of collectorLines(collector, now)) output.line(line);
  });
};
