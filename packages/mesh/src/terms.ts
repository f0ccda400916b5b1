import { type Agent, createAgent, type SessionLimits } from "@memomesh/agents";
import type { AgentConfig, Memo } from "@memomesh/core";
import { withAgentPlace } from "./agent-place.ts";
import { allowance } from "./budget.ts";
import { chooseAgent } from "./choose-agent.ts";
import type { Mesh, MeshNode } from "./load.ts";
import { memoRisk } from "./memo-risk.ts";
import { monthOf, readSpending } from "./spending.ts";

/** Who works on a memo, and how far they may go; or why nobody may now. */
export type Terms =
  | { readonly agent: string; readonly limits: SessionLimits; readonly month?: string; readonly spent?: never }
  | { readonly spent: string; readonly limits?: never; readonly agent?: never; readonly month?: never };

/**
 * Decides on what terms a session is held.
 *
 * @param refused as in {@link agentFor}
 * @throws MeshError `mesh.agent.*`
 */
export async function termsOf(mesh: Mesh, node: MeshNode, memo: Memo, now: Date, refused = 0): Promise<Terms> {
  const agent = agentFor(mesh, node, memo, refused);
  const month = await readSpending(mesh.root, monthOf(now.toISOString()));
  const allowed = allowance(mesh.config, node, month);
  return allowed.limits === undefined ? allowed : { agent, ...allowed };
}

/**
 * Who works on a memo.
 *
 * @param refused how often the intake or the gate has refused what was prepared for it
 * @throws MeshError `mesh.agent.*`
 */
export function agentFor({ config }: Mesh, node: MeshNode, memo: Memo, refused: number): string {
  return chooseAgent(config, node, { header: memo.header, risk: memoRisk(memo, config.targets), refused });
}

/** What mesh.yml says about an agent that {@link termsOf} has named. */
function agentConfig(mesh: Mesh, name: string): AgentConfig {
  const config = mesh.config.agents[name];
  if (config === undefined) throw new Error(`mesh.yml has no agent "${name}"`);
  return config;
}

/**
 * The agent that {@link termsOf} has named.
 *
 * @throws MeshError `agent.*` with the line of mesh.yml
 */
export async function agentNamed(mesh: Mesh, name: string): Promise<Agent> {
  try {
    return await createAgent(name, agentConfig(mesh, name));
  } catch (error) {
    throw await withAgentPlace(mesh.root, name, error);
  }
}
