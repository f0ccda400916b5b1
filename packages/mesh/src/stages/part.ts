import { access } from "node:fs/promises";
import { basename, join } from "node:path";
import { opinionSource } from "@memomesh/agents";
import { type AgentConfig, type MeshConfig, MeshError, type RoleName } from "@memomesh/core";
import { readBody } from "@memomesh/core/markdown";
import { readStageTask } from "@memomesh/core/stages";
import type { Mesh, MeshNode } from "../load.ts";
import type { MemoFile } from "../memo-file.ts";

/** The part that a session plays in infrastructure work: who plans does not build. */
export interface Part {
  readonly role: Exclude<RoleName, "quality">;
  /** The plan: path in the node's folder. */
  readonly plan: string;
  /** Nothing but a plan is wanted, and without one the session has come to nothing. */
  readonly onlyPlan: boolean;
}

/**
 * The part that the next session on a memo plays. What a memo about a stage asks for says it. Where mesh.yml has an
 * architect, what people ask of a sysadmin and deployments are planned first too, and built in a second session.
 *
 * @returns undefined when the session is one like all others
 */
export async function partOf(mesh: Mesh, node: MeshNode, { path, memo }: MemoFile): Promise<Part | undefined> {
  const { type } = memo.header;
  const task = type === "stage" ? readStageTask(readBody(memo)) : undefined;
  if (task !== undefined) {
    const role = task.step === "plan" ? "architect" : "engineer";
    return { role, plan: task.plan, onlyPlan: role === "architect" };
  }
  const planned = type === "ask" || type === "deployment";
  const { agents, roles } = mesh.config;
  if (!planned || roles.architect === undefined || node.config.role !== "sysadmin") return undefined;
  // Whoever gave this node no model does not want one asked about it.
  if (agents[node.config.agent]?.provider === "offline") return undefined;
  const plan = `docs/plans/${basename(path)}`.replace(/(?:\.md)?$/, ".json");
  const there = await access(join(node.folder, plan)).then(
    () => true,
    () => false,
  );
  return { role: there ? "engineer" : "architect", plan, onlyPlan: false };
}

/**
 * The mesh and the node as they are for a part: with the agent, the tier and the temperature that mesh.yml gives to it,
 * and the quality role as second opinion. Pure.
 *
 * @throws MeshError `mesh.agent.unknown`
 */
export function castFor(
  mesh: Mesh,
  node: MeshNode,
  part: Pick<Part, "role"> | undefined,
): { mesh: Mesh; node: MeshNode } {
  if (part === undefined) return { mesh, node };
  const { roles, agents } = mesh.config;
  const { agent, tier, temperature } = roles[part.role] ?? {};
  if (agent !== undefined && agents[agent] === undefined) {
    const known = Object.keys(agents).join(", ");
    throw new MeshError(
      "mesh.agent.unknown",
      `roles.${part.role} of mesh.yml wants the agent "${agent}"; expected ${known}`,
      {
        place: { file: "mesh.yml" },
      },
    );
  }
  const config: MeshConfig = {
    ...mesh.config,
    ...(tier === undefined ? {} : { tiers: [{ tier }] }),
    ...(temperature === undefined ? {} : { agents: withTemperature(agents, temperature) }),
    secondOpinion: reviewOf(mesh.config),
  };
  const wanted = agent ?? (tier === undefined ? node.config.agent : "auto");
  return { mesh: { ...mesh, config }, node: { ...node, config: { ...node.config, agent: wanted } } };
}

/** Where somebody has the quality role, they look at every runbook. */
function reviewOf({ roles: { quality }, secondOpinion }: MeshConfig): MeshConfig["secondOpinion"] {
  if (quality === undefined || secondOpinion.from === "never") return secondOpinion;
  return { ...secondOpinion, from: "low", ...(quality.agent === undefined ? {} : { agent: quality.agent }) };
}

/** Programs and the offline agent have none. */
function withTemperature(agents: MeshConfig["agents"], temperature: number): MeshConfig["agents"] {
  const entries = Object.entries(agents).map(([name, config]): [string, AgentConfig] => [
    name,
    opinionSource(config) === "model" ? { ...config, temperature } : config,
  ]);
  return Object.fromEntries(entries);
}
