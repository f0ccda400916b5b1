import { relative } from "node:path";
import { loadMesh } from "@memomesh/mesh";
import type { CommandModule } from "../commands.ts";
import { withExamples } from "../help.ts";
import { paint, table } from "../text.ts";

export const define: CommandModule["define"] = (command, { output, exit }) => {
  withExamples(command, [["memomesh node list --json", "for a script"]]).action(async () => {
    const mesh = await loadMesh(process.cwd());
    const nodes = [...mesh.nodes.values()].map(({ id, folder, config }) => ({
      id,
      path: relative(mesh.root, folder) || ".",
      ...config,
    }));
    const problems = mesh.problems.map(({ id, error }) => ({ id, problem: error.message }));
    output.data({ nodes, problems });
    const rows = nodes.map(({ id, path, role, agent, grants }) => [
      paint("bold", id),
      role,
      agent === "none" ? "a person" : agent,
      path,
      paint("dim", grants.send.length === 0 ? "" : `writes to ${grants.send.join(", ")}`),
      paint("dim", grants.read.length === 0 ? "" : `reads ${grants.read.join(", ")}`),
    ]);
    for (const line of table(rows)) output.line(line);
    for (const line of table(problems.map(({ id, problem }) => [paint("red", id), problem]))) output.line(line);
    if (problems.length > 0) exit(1);
  });
};
