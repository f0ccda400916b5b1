import { type AgentConfig, Exit, MeshError, type Opinion } from "@memomesh/core";
import type { OpinionQuestion } from "./question.ts";

const withModel = ["anthropic", "gemini", "openai", "bedrock"];

/** Whether an agent has a model that can be asked for an opinion. */
export function givesOpinions(config: AgentConfig): boolean {
  return whyNoOpinion(config) === undefined;
}

/** Why an agent has no model that can be asked for an opinion; undefined when it has one. */
export function whyNoOpinion({ provider }: AgentConfig): string | undefined {
  if (withModel.includes(provider)) return undefined;
  return provider === "offline"
    ? "it has fixed checks and no model"
    : "it is a program with tools of its own, which nobody can hold to reading one text";
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
      `The agent "${name}" (${config.provider}) gives no opinions: ${whyNoOpinion(config)}; expected ${withModel.join(", ")} or offline. Name another one as secondOpinion.agent in mesh.yml.`,
      { exit: Exit.usage },
    );
  }
  const { createProvider } = await import("../providers/create-provider.ts");
  const { askModel } = await import("./ask-model.ts");
  return askModel(name, await createProvider(name, config), question);
}
