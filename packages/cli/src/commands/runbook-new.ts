import { startRunbook } from "@memomesh/mesh";
import type { CommandModule } from "../commands.ts";
import { withExamples } from "../help.ts";
import { meshHere, shown } from "../here.ts";
import { paint, text } from "../text.ts";

interface Options {
  target: string;
  node?: string;
}

export const define: CommandModule["define"] = (command, { output }) => {
  withExamples(command, [
    ["memomesh runbook new 'Renew the certificate' --target production", "then edit the file that it names"],
  ])
    .argument("<title...>", "what it does")
    .requiredOption("--target <target>", "where its steps run: a target of mesh.yml")
    .option("--node <node>", "whose runbook it is (default: the node whose folder you are in, else operator)")
    .action(async (words: string[], { target, node: named }: Options) => {
      const { mesh, node } = await meshHere(named);
      const path = await startRunbook(mesh, node, words.join(" "), target, new Date());
      output.data({ node: node.id, path });
      output.line(text`${paint("green", "created")}  ${shown(path)}`);
      output.line(paint("dim", text`         write its steps, then: memomesh runbook check ${shown(path)}`));
    });
};
