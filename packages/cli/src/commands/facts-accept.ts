import { Exit, MeshError } from "@memomesh/core";
import { History, loadMesh } from "@memomesh/mesh";
import { acceptCollector, findCollector, readCollectors } from "@memomesh/mesh/facts";
import type { CommandModule } from "../commands.ts";
import { collectorData, collectorLines } from "../fact-lines.ts";
import { withExamples } from "../help.ts";
import { personHere } from "../person.ts";
import { Asker } from "../question.ts";
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
      if (isAsked && (!output.terminal || process.stdin.isTTY !== true)) {
        const sentence =
          "without a terminal a collector is accepted by its digest; expected --digest with what `memomesh facts list --json` prints.";
        throw new MeshError("facts.digest", sentence, { exit: Exit.usage });
      }
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

async function isWanted(): Promise<boolean> {
  const asker = new Asker();
  try {
    return (await asker.choose("Accept it (yes, no)? ", { yes: true, no: false })) === true;
  } finally {
    asker.close();
  }
}
