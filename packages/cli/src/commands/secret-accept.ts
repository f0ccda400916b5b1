import { acceptSecretCommand, findSecretCommand, History, loadMesh, readSecretCommands } from "@memomesh/mesh";
import { isWanted, requireTerminal } from "../accept.ts";
import type { CommandModule } from "../commands.ts";
import { withExamples } from "../help.ts";
import { personHere } from "../person.ts";
import { secretData, secretLines } from "../secret-lines.ts";
import { paint, text } from "../text.ts";

export const define: CommandModule["define"] = (command, { output }) => {
  withExamples(command, [
    ["memomesh secret accept DATABASE_URL", "look at the command that prints it, and let it run as it is"],
    [
      "memomesh secret accept DATABASE_URL --digest sha256:5f2b…",
      "in a script: if it is what `secret list --json` told",
    ],
  ])
    .argument("<name>", "of a variable in mesh.yml, under `secrets: commands:`")
    .option("--digest <digest>", "the command's digest, as `memomesh secret list --json` prints it")
    .action(async (name: string, { digest }: { digest?: string }) => {
      const mesh = await loadMesh(process.cwd());
      const shown = findSecretCommand(await readSecretCommands(mesh), name);
      for (const line of secretLines(shown)) output.line(line);
      if (digest === undefined) requireTerminal(output, "secret", "a command", "memomesh secret list --json");
      if (digest === undefined && !(await isWanted())) return output.line(text`not accepted`);
      const history = await History.open(mesh, () => {});
      try {
        const by = await personHere(history);
        const accepted = await acceptSecretCommand(mesh, name, { by, at: new Date(), digest: digest ?? shown.digest });
        output.data(secretData(accepted));
        output.line(
          text`${paint("green", "accepted")}  It runs when a step needs its value; a changed byte needs your word again.`,
        );
      } finally {
        await history.close();
      }
    });
};
