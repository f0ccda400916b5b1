import { Exit } from "@memomesh/core";
import { type Vendor, vendors } from "@memomesh/guard";
import { loadMesh, requireNode } from "@memomesh/mesh";
import { installHooks } from "@memomesh/mesh/hooks";
import { Option } from "commander";
import type { CommandModule } from "../commands.ts";
import { withExamples } from "../help.ts";
import { hooksLines } from "../hooks-lines.ts";
import { text } from "../text.ts";

interface Options {
  for?: Vendor[];
  check?: boolean;
  remove?: boolean;
}

export const define: CommandModule["define"] = (command, { output, exit }) => {
  withExamples(command, [
    ["memomesh hooks install", "in the folders of all nodes, for all programs"],
    ["memomesh hooks install shop --for claude", "in that of one node, for Claude Code"],
    ["memomesh hooks install --check", "say what differs and end with 1 if anything does"],
    ["memomesh hooks install shop --remove", "take them out again"],
  ])
    .argument("[nodes...]", "the nodes concerned (default: all)")
    .addOption(new Option("--for <programs...>", "for which programs (default: all)").choices(vendors))
    .option("--check", "write nothing")
    .addOption(new Option("--remove", "take out what was installed").conflicts("check"))
    .action(async (ids: string[], { for: wanted, check = false, remove = false }: Options) => {
      const mesh = await loadMesh(process.cwd());
      const nodes =
        ids.length === 0
          ? [...mesh.nodes.values()].filter((node) => !node.operator)
          : ids.map((id) => requireNode(mesh, id));
      const hooks = [];
      for (const node of nodes) {
        const options = { check, remove, ...(wanted === undefined ? {} : { vendors: wanted }) };
        for (const each of await installHooks(mesh, node, options)) hooks.push({ node: node.id, ...each });
      }
      output.data({ hooks });
      for (const line of hooksLines(hooks)) output.line(line);
      if (hooks.some(({ state }) => state === "out of step")) exit(Exit.failed);
      if (hooks.some(({ state }) => state === "written")) output.note(text`\`memomesh doctor\` proves that they hold.`);
    });
};
