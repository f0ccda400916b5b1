import { relative } from "node:path";
import type { Mesh, MeshNode } from "../load.ts";
import { type Finding, findingOf } from "./finding.ts";

/** Findings about mesh.yml and node.yml: nodes that cannot be used, agents and grants that lead nowhere. */
export function checkConfiguration(mesh: Mesh): Finding[] {
  const broken = mesh.problems.map(({ id, error }) =>
    findingOf(error, `mend it, or \`memomesh node add ${id}\` to make what is missing`),
  );
  return [
    ...broken,
    ...[...mesh.nodes.values()].flatMap((node) => [...checkAgent(mesh, node), ...checkGrants(mesh, node)]),
  ];
}

function checkAgent(mesh: Mesh, { id, folder, config, operator }: MeshNode): Finding[] {
  if (operator || ["auto", "none"].includes(config.agent) || Object.hasOwn(mesh.config.agents, config.agent)) return [];
  const known = [...Object.keys(mesh.config.agents), "auto", "none"].join(", ");
  return [
    {
      severity: "error",
      code: "doctor.agent.unknown",
      sentence: `the agent "${config.agent}" of ${id} is not in mesh.yml; expected ${known}. Its memos wait`,
      place: { file: `${relative(mesh.root, folder)}/node.yml` },
    },
  ];
}

function checkGrants(mesh: Mesh, { id, folder, config }: MeshNode): Finding[] {
  const known = new Set([...mesh.config.nodes.map((node) => node.id), "operator", "*"]);
  const named = [...config.grants.send, ...config.grants.read.map((grant) => grant.split("/", 1)[0] ?? "")];
  return [...new Set(named)]
    .filter((name) => !known.has(name))
    .map((name) => ({
      severity: "warning",
      code: "doctor.grant.unknown",
      sentence: `${id} is granted something on "${name}", which is no node of this mesh`,
      place: { file: `${relative(mesh.root, folder)}/node.yml` },
    }));
}
