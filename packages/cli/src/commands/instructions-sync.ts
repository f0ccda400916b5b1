import { Exit } from "@memomesh/core";
import { loadMesh, requireNode, syncInstructions, syncScopedRules } from "@memomesh/mesh";
import type { CommandModule } from "../commands.ts";
import { withExamples } from "../help.ts";
import { paint, table } from "../text.ts";

export const define: CommandModule["define"] = (command, { output, exit }) => {
  withExamples(command, [
    ["memomesh instructions sync", "after a change of AGENTS.md or of lessons"],
    ["memomesh instructions sync --check", "say what differs and end with 1 if anything does"],
  ])
    .argument("[nodes...]", "the nodes concerned (default: all)")
    .option("--check", "write nothing")
    .action(async (ids: string[], options: { check?: boolean }) => {
      const mesh = await loadMesh(process.cwd());
      const nodes =
        ids.length === 0
          ? [...mesh.nodes.values()].filter((node) => !node.operator)
          : ids.map((id) => requireNode(mesh, id));
      const files = [];
      for (const node of nodes) {
        const synced = [
          ...(await syncInstructions(node.folder, options)),
          ...(await syncScopedRules(mesh.root, node.folder, options)),
        ];
        for (const file of synced) files.push({ node: node.id, ...file });
      }
      output.data({ files });
      const styles = { "in step": "dim", written: "green", removed: "green", "out of step": "red" } as const;
      const rows = files.map(({ node, file, state, difference }) => [
        paint(styles[state], state),
        node,
        file,
        paint("dim", difference),
      ]);
      for (const line of table(rows)) output.line(line);
      if (files.some(({ state }) => state === "out of step")) exit(Exit.failed);
    });
};
