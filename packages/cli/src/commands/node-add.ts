import { resolve } from "node:path";
import { addNode, loadMesh, type NodeOptions } from "@memomesh/mesh";
import type { CommandModule } from "../commands.ts";
import { withExamples } from "../help.ts";
import { madeLines } from "../made.ts";
import { paint, text } from "../text.ts";

export const define: CommandModule["define"] = (command, { output }) => {
  withExamples(command, [
    ["memomesh node add sysadmin --role sysadmin --send shop", "a new folder, projects/sysadmin; it may write to shop"],
    ["memomesh node add shop --role developer --path ../shop --send sysadmin", "adopt a project where it is"],
    ["memomesh node add ops --role sysadmin --read 'shop/dist/**'", "it may read what shop builds"],
  ])
    .argument("<name>", "lower-case letters, digits and dashes")
    .option(
      "--role <role>",
      "generic, developer, sysadmin, writer, project-manager, or a folder of templates/nodes",
      "generic",
    )
    .option("--agent <agent>", "an agent of mesh.yml, or none when a person works there", "offline")
    .option("--path <folder>", "the project's folder (default: projects/<name>)")
    .option("--send <nodes...>", "nodes that it may write memos to; '*' for all")
    .option("--read <patterns...>", "files of other nodes that it may read, such as 'shop/dist/**'")
    .action(async (name: string, options: NodeOptions) => {
      const mesh = await loadMesh(process.cwd());
      const path = options.path === undefined ? {} : { path: resolve(options.path) };
      const made = await addNode(mesh, name, { ...options, ...path });
      output.data({ node: name, made });
      output.line(text`${paint("bold", name)} is a node of ${mesh.config.name}`);
      output.line();
      for (const line of madeLines(made)) output.line(line);
    });
};
