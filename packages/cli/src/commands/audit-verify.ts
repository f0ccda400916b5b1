import { Exit } from "@memomesh/core";
import { loadMesh, requireNode } from "@memomesh/mesh";
import { verifyAudit } from "@memomesh/mesh/audit";
import { auditLines } from "../audit-lines.ts";
import type { CommandModule } from "../commands.ts";
import { withExamples } from "../help.ts";
import { paint, text } from "../text.ts";

export const define: CommandModule["define"] = (command, { output, exit }) => {
  withExamples(command, [
    ["memomesh audit verify", "every node: the trail, the records and the history against each other"],
    ["memomesh audit verify --node sysadmin --json", "one node, for a program"],
  ])
    .option("--node <node>", "only this node")
    .action(async ({ node }: { node?: string }) => {
      const mesh = await loadMesh(process.cwd());
      const nodes = node === undefined ? [...mesh.nodes.values()] : [requireNode(mesh, node)];
      const audits = await verifyAudit(mesh, nodes);
      const sound = audits.every(
        ({ problems, steps }) => problems.length === 0 && steps.every((step) => step.problems.length === 0),
      );
      output.data({ sound, nodes: audits });
      for (const audit of audits) for (const line of auditLines(audit)) output.line(line);
      const executed = audits.reduce((sum, { steps }) => sum + steps.length, 0);
      if (sound) output.line(text`${paint("green", "sound")}  executed steps that are what was approved: ${executed}`);
      else {
        output.line(text`${paint("red", "not sound")}  what is said above does not fit; nothing was changed`);
        exit(Exit.failed);
      }
    });
};
