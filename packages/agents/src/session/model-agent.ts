import type { AgentConfig } from "@memomesh/core";
import type { Agent } from "../agent.ts";
import { createProvider } from "../providers/create-provider.ts";
import { assembleContext, contextBudget } from "./assemble.ts";
import { holdConversation } from "./conversation.ts";
import { definitionsOf } from "./tool.ts";
import { sessionTools } from "./tools.ts";

/**
 * An agent whose work a vendor's model does, with the session's tools and no others.
 *
 * @param name as mesh.yml has it
 * @throws MeshError `agent.config` when mesh.yml says something about it that the provider does not know
 */
export async function modelAgent(name: string, config: AgentConfig): Promise<Agent> {
  const model = await createProvider(name, config);
  return {
    name,
    model: model.provider.model,
    told: async (knowledge) => {
      const told = await assembleContext(knowledge, contextBudget(model.contextTokens, knowledge.limits));
      return { ...told, tools: definitionsOf(sessionTools) };
    },
    work: (context) => holdConversation(name, model, context),
  };
}
