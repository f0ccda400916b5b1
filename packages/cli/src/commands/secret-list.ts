import { loadMesh, readSecretCommands } from "@memomesh/mesh";
import type { CommandModule } from "../commands.ts";
import { withExamples } from "../help.ts";
import { secretData, secretLines } from "../secret-lines.ts";
import { text } from "../text.ts";

export const define: CommandModule["define"] = (command, { output }) => {
  withExamples(command, [
    ["memomesh secret list", "the commands under `secrets:` of mesh.yml, and who has accepted them; none runs"],
    ["memomesh secret list --json", "with the digest that an acceptance is bound to"],
  ]).action(async () => {
    const secrets = await readSecretCommands(await loadMesh(process.cwd()));
    output.data({ secrets: secrets.map(secretData) });
    if (secrets.length === 0)
      output.line(text`mesh.yml names no commands; docs/formats.md, "Secrets of steps", shows how.`);
    for (const secret of secrets) for (const line of secretLines(secret)) output.line(line);
  });
};
