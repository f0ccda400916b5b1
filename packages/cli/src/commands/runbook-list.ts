import { isFinished, loadMesh, type RunbookEntry, readRunbooks, requireNode } from "@memomesh/mesh";
import type { CommandModule } from "../commands.ts";
import { withExamples } from "../help.ts";
import { shown } from "../here.ts";
import { countStates, highestRisk } from "../runbook-lines.ts";
import { paint, type Text, table, text } from "../text.ts";

interface Options {
  node?: string;
  all?: boolean;
}

export const define: CommandModule["define"] = (command, { output }) => {
  withExamples(command, [
    ["memomesh runbook list", "those that wait for somebody"],
    ["memomesh runbook list --all --node sysadmin", "also the finished ones, of one node"],
  ])
    .option("--node <node>", "the runbooks of this node")
    .option("--all", "finished ones too")
    .action(async ({ node, all = false }: Options) => {
      const mesh = await loadMesh(process.cwd());
      const nodes = node === undefined ? [...mesh.nodes.values()] : [requireNode(mesh, node)];
      const entries = (await readRunbooks(mesh, nodes)).filter(
        ({ reviewed }) => all || reviewed === undefined || !isFinished(reviewed),
      );
      output.data({ runbooks: entries.map(entryData) });
      for (const line of table(entries.map(entryRow))) output.line(line);
      if (entries.length === 0) output.note(text`No runbook waits.`);
    });
};

function entryData({ node, path, reviewed, problem }: RunbookEntry): object {
  if (reviewed === undefined) return { node: node.id, path, problem: problem?.message };
  const { id, title, target, memo, created } = reviewed.runbook;
  const steps = reviewed.steps.map(({ step, state, risk }) => ({
    number: step.number,
    title: step.title,
    state: state.state,
    risk: risk.run,
  }));
  return { node: node.id, path, id, title, target, memo, created, steps };
}

function entryRow({ node, path, reviewed, problem }: RunbookEntry): (Text | string)[] {
  if (reviewed === undefined)
    return [node.id, paint("red", "unreadable"), "", problem?.sentence ?? "", paint("dim", shown(path))];
  const { title, target } = reviewed.runbook;
  return [node.id, highestRisk(reviewed), target, title, countStates(reviewed), paint("dim", shown(path))];
}
