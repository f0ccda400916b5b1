import { type AgentConfig, Exit, MeshError } from "@memomesh/core";
import type { Agent } from "./agent.ts";

/** Who can work, by the name that mesh.yml gives as `provider`. Each is loaded when it is first used. */
const providers: Readonly<Record<string, (name: string, config: AgentConfig) => Promise<Agent>>> = {
  offline: async (name) => (await import("./offline/offline-agent.ts")).offlineAgent(name),
  anthropic: throughSdk,
  gemini: throughSdk,
  openai: throughSdk,
  bedrock: throughSdk,
  "claude-code": throughProgram,
  codex: throughProgram,
  "gemini-cli": throughProgram,
  command: throughProgram,
};

async function throughSdk(name: string, config: AgentConfig): Promise<Agent> {
  return (await import("./session/model-agent.ts")).modelAgent(name, config);
}

async function throughProgram(name: string, config: AgentConfig): Promise<Agent> {
  return (await import("./programs/program-agent.ts")).programAgent(name, config);
}

/**
 * The agent that mesh.yml configures under a name.
 *
 * @throws MeshError `agent.provider.unknown`; `agent.config` when the provider does not know what it is told
 */
export async function createAgent(name: string, config: AgentConfig): Promise<Agent> {
  const create = Object.hasOwn(providers, config.provider) ? providers[config.provider] : undefined;
  if (create !== undefined) return create(name, config);
  throw new MeshError(
    "agent.provider.unknown",
    `the agent "${name}" has the provider "${config.provider}", which is not known; expected ${Object.keys(providers).join(", ")}.`,
    { exit: Exit.usage },
  );
}
