import { Exit } from "@memomesh/core";
import { History, loadMesh } from "@memomesh/mesh";
import { findCollector, readCollectors, refreshFacts } from "@memomesh/mesh/facts";
import type { CommandModule } from "../commands.ts";
import { refreshedLine } from "../fact-lines.ts";
import { withExamples } from "../help.ts";
import { text } from "../text.ts";

export const define: CommandModule["define"] = (command, { output, exit }) => {
  withExamples(command, [
    ["memomesh facts refresh", "run every accepted collector, and write what it tells"],
    ["memomesh facts refresh gpus", "only this one; ends with 1 when it tells nothing"],
  ])
    .argument("[names...]", "collectors of mesh.yml; all when none is named")
    .action(async (names: string[]) => {
      const mesh = await loadMesh(process.cwd());
      const known = await readCollectors(mesh, new Date());
      for (const name of names) findCollector(known, name);
      const history = await History.open(mesh, (event) => {
        if (event.kind === "warning") output.note(text`${event.text}`);
      });
      try {
        const results = await refreshFacts(mesh, history, names.length === 0 ? undefined : names);
        output.data({ facts: results });
        for (const result of results) output.line(refreshedLine(result));
        if (results.some(({ fact }) => fact === undefined)) exit(Exit.failed);
      } finally {
        await history.close();
      }
    });
};
