import { resolve } from "node:path";
import { type Vendor, vendors } from "@memomesh/guard";
import { addNode, loadMesh, type NodeOptions, requireNode } from "@memomesh/mesh";
import { installHooks } from "@memomesh/mesh/hooks";
import { Option } from "commander";
import type { CommandModule } from "../commands.ts";
import { withExamples } from "../help.ts";
import { hooksLines } from "../hooks-lines.ts";
import { madeLines } from "../made.ts";
import { Asker } from "../question.ts";
import { paint, text } from "../text.ts";

interface Options extends NodeOptions {
  /** True: for all programs; undefined: ask when there is a terminal. */
  hooks?: Vendor[] | boolean;
}

/** Ctrl-C at the question means no. */
export const ownInterrupt = true;

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
    .option(
      "--agent <agent>",
      "an agent of mesh.yml, auto for one that fits the task, or none when a person works there",
      "offline",
    )
    .option("--path <folder>", "the project's folder (default: projects/<name>)")
    .option("--send <nodes...>", "nodes that it may write memos to; '*' for all")
    .option("--read <patterns...>", "files of other nodes that it may read, such as 'shop/dist/**'")
    .addOption(
      new Option(
        "--hooks [programs...]",
        "let these programs ask the guard before their agents act (default: asks)",
      ).choices(vendors),
    )
    .option("--no-hooks", "without them; `memomesh hooks install` does it later")
    .action(async (name: string, { hooks: wanted, ...options }: Options) => {
      const mesh = await loadMesh(process.cwd());
      const path = options.path === undefined ? {} : { path: resolve(options.path) };
      const made = await addNode(mesh, name, { ...options, ...path });
      output.line(text`${paint("bold", name)} is a node of ${mesh.config.name}`);
      output.line();
      for (const line of madeLines(made)) output.line(line);
      const chosen = wanted ?? (output.terminal && !output.json && process.stdin.isTTY ? await askForHooks() : false);
      const hooks = chosen === false ? [] : await addHooks(name, chosen);
      if (hooks.length > 0) output.line();
      for (const line of hooksLines(hooks)) output.line(line);
      output.data({ node: name, made, hooks });
    });
};

async function addHooks(name: string, chosen: Vendor[] | true) {
  const mesh = await loadMesh(process.cwd());
  const installed = await installHooks(mesh, requireNode(mesh, name), chosen === true ? {} : { vendors: chosen });
  return installed.map((each) => ({ node: name, ...each }));
}

async function askForHooks(): Promise<boolean> {
  const asker = new Asker();
  try {
    const question = "\nLet Claude Code, Codex and Gemini CLI ask the guard before their agents act here? (yes/no) ";
    return (await asker.choose(question, { yes: true, y: true, no: false, n: false }, ["yes", "no"])) ?? false;
  } finally {
    asker.close();
  }
}
