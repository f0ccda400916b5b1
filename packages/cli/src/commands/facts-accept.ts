import { History, loadMesh } from "@memomesh/mesh";
import { acceptCollector, findCollector, readCollectors } from "@memomesh/mesh/facts";
import { isWanted, requireTerminal } from "../accept.ts";
import type { CommandModule } from "../commands.ts";
import { collectorData, collectorLines } from "../fact-lines.ts";
import { withExamples } from "../help.ts";
import { personHere } from "../person.ts";
import { paint, text } from "../text.ts";

export const define: CommandModule["define"] = (command, { output }) => {
  withExamples(command, [
    ["memomesh facts accept gpus", "look at the collector, and accept it as it is"],
    ["memomesh facts accept gpus --digest sha256:5f2b…", "in a script: if it is still what `facts list --json` told"],
  ])
    .argument("<name>", "of a collector in mesh.yml")
    .option("--digest <digest>", "the collector's digest, as `memomesh facts list --json` prints it")
    .action(async (name: string, { digest }: { digest?: string }) => {
      const mesh = await loadMesh(process.cwd());
      const at = new Date();
      const collector = findCollector(await readCollectors(mesh, at), name);
      for (const line of collectorLines(collector, at)) output.line(line);
      const isAsked = digest === undefined && collector.refused === undefined;
      if (isAsked) requireTerminal(output, "facts", "a collector", "memomesh facts list --json");
      if (isAsked && !(await isWanted())) return output.line(text`not accepted`);
      const history = await History.open(mesh, () => {});
      try {
        const by = await personHere(history);
        const accepted = await acceptCollector(mesh, name, { by, at, digest: digest ?? collector.digest });
        output.data(collectorData(accepted));
        output.line(
          text`${paint("green", "accepted")}  It runs with memomesh facts refresh; a changed byte needs your word again.`,
        );
      } finally {
        await history.close();
      }
    });
};
