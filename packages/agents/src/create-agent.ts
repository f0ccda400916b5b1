import { type AgentConfig, Exit, MeshError } from "@memomesh/core";
import type { Agent } from "./agent.ts";
import { tracedAgent } from "./traced-agent.ts";

/** Who can work. Its modules are loaded when they are first used. */
interface Provider {
  create(name: string, config: AgentConfig): Promise<Agent>;
  /** Loads no SDK, starts nothing. Absent: it takes everything. */
  check?(name: string, config: AgentConfig): Promise<void>;
}

const throughSdk: Provider = {
  create: async (name, config) => (await import("./session/model-agent.ts")).modelAgent(name, config),
  check: async (name, config) => (await import("./providers/options.ts")).checkModelOptions(name, config),
};

const throughProgram: Provider = {
  create: async (name, config) => (await import("./programs/program-agent.ts")).programAgent(name, config),
  check: async (name, config) => void (await import("./programs/options.ts")).readProgramOptions(name, config),
};

/** By the name that mesh.yml gives as `provider`. */
const providers: Readonly<Record<string, Provider>> = {
  offline: { create: async (name) => (await import("./offline/offline-agent.ts")).offlineAgent(name) },
  anthropic: throughSdk,
  gemini: throughSdk,
  openai: throughSdk,
  bedrock: throughSdk,
  "claude-code": throughProgram,
  codex: throughProgram,
  "gemini-cli": throughProgram,
  command: throughProgram,
};

/**
 * The agent that mesh.yml configures under a name.
 *
 * @throws MeshError `agent.provider.unknown`; `agent.config` when the provider does not know what it is told
 */
export async function createAgent(name: string, config: AgentConfig): Promise<Agent> {
  return tracedAgent(await providerOf(name, config).create(name, config));
}

/**
 * Whether an agent could be created, as far as mesh.yml alone can tell. It is not created; no key is looked for.
 *
 * @throws MeshError like {@link createAgent}
 */
export async function checkAgent(name: string, config: AgentConfig): Promise<void> {
  await providerOf(name, config).check?.(name, config);
}

function providerOf(name: string, { provider }: AgentConfig): Provider {
  const found = Object.hasOwn(providers, provider) ? providers[provider] : undefined;
  if (found !== undefined) return found;
  throw new MeshError(
    "agent.provider.unknown",
    `the agent "${name}" has the provider "${provider}", which is not known; expected ${Object.keys(providers).join(", ")}.`,
    { exit: Exit.usage },
  );
}
