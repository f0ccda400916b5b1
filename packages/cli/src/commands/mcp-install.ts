import { accessSync, constants } from "node:fs";
import { delimiter, join, relative, resolve } from "node:path";
import { Exit, MeshError } from "@memomesh/core";
import {
  type Installation,
  type Launch,
  type ProgramName,
  planInstallations,
  programNames,
  writeInstallation,
} from "@memomesh/mcp";
import { findMeshRoot, type Mesh, type MeshNode } from "@memomesh/mesh";
import { Option } from "commander";
import type { CommandModule, Frame } from "../commands.ts";
import { differenceLines } from "../difference-lines.ts";
import { withExamples } from "../help.ts";
import { meshHere, shown } from "../here.ts";
import { Asker } from "../question.ts";
import { paint, text } from "../text.ts";

interface Options {
  for: ProgramName[];
  node?: string;
  yes?: boolean;
  print?: boolean;
}

/** Ctrl-C at the question means no. */
export const ownInterrupt = true;

export const define: CommandModule["define"] = (command, frame) => {
  withExamples(command, [
    ["memomesh mcp install", "show what would change for every program, and ask"],
    ["memomesh mcp install --for claude codex --yes", "write it for these two"],
    ["memomesh mcp install --print", "only show it"],
  ])
    .addOption(
      new Option("--for <programs...>", "for which programs").choices(programNames).default([...programNames], "all"),
    )
    .option("--node <node>", "for which node (default: the one whose folder you are in, else operator)")
    .option("--yes", "write without asking")
    .option("--print", "show the difference and write nothing")
    .action(async ({ for: names, node: named, yes, print }: Options) => {
      const { mesh, node } = await meshHere(named);
      const planned = await planInstallations(node.folder, [...new Set(names)], launchOf(mesh, node));
      const changed = planned.filter(({ before, after }) => before !== after);
      if (!frame.output.json) show(frame, planned);
      const write = print !== true && changed.length > 0 && (yes === true || (await wanted(changed.length)));
      if (write) for (const each of changed) await writeInstallation(each);
      frame.output.data({ node: node.id, files: planned.map((each) => dataOf(each, write)) });
      if (write) tell(frame, changed);
      else if (print !== true && changed.length > 0) {
        frame.output.note(text`Nothing was written.`);
        frame.exit(Exit.failed);
      }
    });
};

function show({ output }: Frame, planned: readonly Installation[]): void {
  for (const { title, path, before, after } of planned) {
    if (before === after) output.line(text`${paint("dim", "as it is")}  ${title}: ${shown(path)}`);
    else for (const line of differenceLines(shown(path), before, after)) output.line(line);
  }
}

function tell({ output }: Frame, changed: readonly Installation[]): void {
  for (const { title, path, note } of changed) {
    output.line(text`${paint("green", "written")}  ${title}: ${shown(path)}`);
    if (note !== undefined) output.line(paint("dim", text`         ${note}`));
  }
}

function dataOf({ program, path, before, after, note }: Installation, written: boolean): object {
  return { program, path, state: before === after ? "kept" : written ? "written" : "planned", before, after, note };
}

/** @throws MeshError `mcp.install` without a terminal: then somebody has to say --yes or --print */
async function wanted(files: number): Promise<boolean> {
  if (!process.stdin.isTTY || !process.stdout.isTTY) {
    const sentence = "there is no terminal to ask in; give --yes to write what is shown, or --print to only show it";
    throw new MeshError("mcp.install", sentence, { exit: Exit.usage });
  }
  const asker = new Asker();
  try {
    const question = `Write ${files === 1 ? "this file" : `these ${files} files`}? (yes/no) `;
    return (await asker.choose(question, { yes: true, y: true, no: false, n: false }, ["yes", "no"])) ?? false;
  } finally {
    asker.close();
  }
}

/** How the programs start this one: by its name where it is installed, else as it was started now. */
function launchOf(mesh: Mesh, node: MeshNode): Launch {
  const args = ["mcp", ...placeOf(mesh, node)];
  return isInstalled() ? ["memomesh", ...args] : [process.execPath, resolve(process.argv[1] ?? ""), ...args];
}

/** A node outside of the mesh's folder cannot find the mesh by itself. */
function placeOf(mesh: Mesh, node: MeshNode): string[] {
  if (findMeshRoot(node.folder) === mesh.root) return [];
  return ["--node", node.id, "--mesh", relative(node.folder, mesh.root)];
}

function isInstalled(): boolean {
  return (process.env.PATH ?? "").split(delimiter).some((folder) => {
    try {
      accessSync(join(folder, "memomesh"), constants.X_OK);
      return folder !== "" && !folder.includes("node_modules");
    } catch {
      return false;
    }
  });
}
