import { type AgentConfig, Exit, MeshError, type Opinion } from "@memomesh/core";
import type { OpinionQuestion } from "./question.ts";

const withModel = ["anthropic", "gemini", "openai", "bedrock"];

/** Whether an agent has a model that can be asked for an opinion. A vendor's program cannot: it works on files. */
export function givesOpinions({ provider }: AgentConfig): boolean {
  return withModel.includes(provider);
}

/**
 * A second agent's opinion on a runbook.
 *
 * @param name of the agent
 * @throws MeshError `agent.config`; `agent.opinion` when agents of this provider give none; `opinion.*` when it could not
 *   be had; whatever `question.signal` was aborted with
 */
export async function opinionOn(name: string, config: AgentConfig, question: OpinionQuestion): Promise<Opinion> {
  question.signal.throwIfAborted();
  if (config.provider === "offline") return (await import("./offline-opinion.ts")).offlineOpinion(name, question);
  if (!givesOpinions(config)) {
    throw new MeshError(
      "agent.opinion",
      `Agents with the provider "${config.provider}" give no opinions; expected ${withModel.join(", ")} or offline. Name another one as secondOpinion.agent in mesh.yml.`,
      { exit: Exit.usage },
    );
  }
  const { createProvider } = await import("../providers/create-provider.ts");
  const { askModel } = await import("./ask-model.ts");
  return askModel(name, await createProvider(name, config), question);
}
