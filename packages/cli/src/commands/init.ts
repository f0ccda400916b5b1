import { basename, resolve } from "node:path";
import { type InitOptions, initMesh } from "@memomesh/mesh";
import type { CommandModule } from "../commands.ts";
import { withExamples } from "../help.ts";
import { shown } from "../here.ts";
import { madeLines } from "../made.ts";
import { paint, text } from "../text.ts";

export const define: CommandModule["define"] = (command, { output }) => {
  withExamples(command, [
    ["memomesh init", "make a mesh in this folder"],
    ["memomesh init studio --name 'Acme Studio'", "in a new folder, with a name"],
    ["memomesh init --adopt ./shop ./blog", "two existing projects become nodes, where they are"],
  ])
    .argument("[folder]", "the mesh's folder; it may hold projects already", ".")
    .option("--name <name>", "name of the mesh (default: the folder's name)")
    .option("--adopt <folders...>", "existing project folders that become nodes")
    .option("--templates", "copy the templates into the mesh, to change them")
    .option("--no-git", "do not make a git repository")
    .action(async (folder: string, options: InitOptions) => {
      const adopt = options.adopt?.map((path) => resolve(path)) ?? [];
      const { root, made, git, candidates } = await initMesh(folder, { ...options, adopt });
      output.data({ root, made, git, candidates });
      output.line(text`${paint("bold", options.name ?? basename(root))} is a mesh, in ${root}`);
      output.line();
      for (const line of madeLines(made)) output.line(line);
      if (git === "made") output.line(text`  ${paint("green", "created")}  a git repository`);
      if (git === "absent")
        output.line(text`  ${paint("yellow", "no git")}   without it there is no history; \`git init\` makes one`);
      output.line();
      output.line(paint("bold", "Next"));
      const at = shown(root);
      if (at !== ".") output.line(text`  cd ${at}`);
      for (const path of candidates)
        output.line(text`  memomesh node add ${basename(path).toLowerCase()} --path ${path}`);
      if (candidates.length === 0) output.line(text`  memomesh node add shop --role developer --send sysadmin`);
      output.line(text`  memomesh node add sysadmin --role sysadmin --send shop --read 'shop/dist/**'`);
      output.line(text`  memomesh watch`);
    });
};
