import {
  type AgentConfig,
  Exit,
  type MemoHeader,
  type MeshConfig,
  MeshError,
  type Risk,
  type Tier,
  tiers,
} from "@memomesh/core";
import type { MeshNode } from "./load.ts";

/** What the choice depends on. */
export interface Task {
  readonly header: Pick<MemoHeader, "type" | "priority" | "sensitive">;
  readonly risk: Risk;
  /** How often what earlier sessions have prepared was refused, by the intake or by the gate. */
  readonly refused: number;
}

/** After so many refusals a better model has a try. */
const refusalsPerTier = 2;

/**
 * The agent of mesh.yml that works on a memo. Pure.
 *
 * A node that names its agent gets it. With `agent: auto` the rules of mesh.yml give the tier, two refused changesets
 * raise it by one, and the first agent of that tier works: of the next higher one when there is none, else of the next
 * lower, at last the offline agent. What is sensitive goes to agents marked `local` only.
 *
 * @throws MeshError `mesh.agent.unknown`, `mesh.agent.not-local`
 */
export function chooseAgent({ agents, tiers: rules }: MeshConfig, node: MeshNode, task: Task): string {
  const { agent: wanted } = node.config;
  const sensitive = node.config.sensitive || task.header.sensitive === true;
  if (wanted !== "auto") {
    const config = agents[wanted];
    if (config === undefined) throw unknown(node, Object.keys(agents));
    if (sensitive && config.local !== true) throw notLocal(node, wanted, agents);
    return wanted;
  }
  const usable = Object.entries(agents).filter(([, config]) => !sensitive || config.local === true);
  const first = tiers.indexOf(ruledTier(rules, task)) + Math.floor(task.refused / refusalsPerTier);
  const wantedTier = Math.min(first, tiers.length - 1);
  const order = [...tiers.slice(wantedTier), ...tiers.slice(0, wantedTier).reverse()];
  for (const tier of order) {
    const found = usable.find(([, config]) => config.tier === tier);
    if (found !== undefined) return found[0];
  }
  return "offline";
}

function ruledTier(rules: MeshConfig["tiers"], { header, risk }: Task): Tier {
  const fits = rules.find(
    (rule) =>
      (rule.type === undefined || (header.type !== undefined && rule.type.includes(header.type))) &&
      (rule.priority?.includes(header.priority) ?? true) &&
      (rule.risk?.includes(risk) ?? true),
  );
  return fits?.tier ?? "standard";
}

function unknown(node: MeshNode, known: readonly string[]): MeshError {
  return new MeshError(
    "mesh.agent.unknown",
    `node ${node.id} wants the agent "${node.config.agent}", which mesh.yml does not have; expected ${known.join(", ")}, auto or none`,
    { place: { file: `${node.id}/node.yml` } },
  );
}

function notLocal(node: MeshNode, wanted: string, agents: Readonly<Record<string, AgentConfig>>): MeshError {
  const local = Object.keys(agents).filter((name) => agents[name]?.local === true);
  return new MeshError(
    "mesh.agent.not-local",
    `this is sensitive, and the agent "${wanted}" of node ${node.id} is not marked \`local: true\` in mesh.yml; nothing was sent to it. Give the node one of ${local.join(", ")}, or \`agent: auto\``,
    { exit: Exit.notPermitted },
  );
}
