import type { AgentConfig, Opinion } from "@memomesh/core";
import { checkAgent } from "../create-agent.ts";
import { tracedOpinion } from "../traced-agent.ts";
import type { OpinionQuestion } from "./question.ts";

/** How an agent comes to an opinion: by `checks` that are fixed, with a `model`, or as a `program` that has one. */
type OpinionSource = "checks" | "model" | "program";

/** By the name that mesh.yml gives as `provider`. */
const sources: Readonly<Record<string, OpinionSource>> = {
  offline: "checks",
  anthropic: "model",
  gemini: "model",
  openai: "model",
  bedrock: "model",
  "claude-code": "program",
  codex: "program",
  "gemini-cli": "program",
  command: "program",
};

/** How an agent comes to an opinion; undefined when nobody knows its provider. */
export function opinionSource({ provider }: AgentConfig): OpinionSource | undefined {
  return Object.hasOwn(sources, provider) ? sources[provider] : undefined;
}

/** Why an agent is asked for an opinion only when a person names it; undefined when it is asked without that. */
export function whyNotAsked(config: AgentConfig): string | undefined {
  const source = opinionSource(config);
  if (source === undefined) return `its provider "${config.provider}" is not known`;
  if (source === "checks") return "it has fixed checks and no model";
  return config.provider === "command" ? "nobody knows what it asks; name it as secondOpinion.agent" : undefined;
}

/**
 * A second agent's opinion on a runbook.
 *
 * @param name of the agent
 * @throws MeshError `agent.*`, `opinion.*` when it could not be had; whatever `question.signal` was aborted with
 */
export async function opinionOn(name: string, config: AgentConfig, question: OpinionQuestion): Promise<Opinion> {
  question.signal.throwIfAborted();
  await checkAgent(name, config);
  switch (opinionSource(config)) {
    case "model": {
      const { createProvider } = await import("../providers/create-provider.ts");
      const { askModel } = await import("./ask-model.ts");
      const model = await createProvider(name, config);
      return tracedOpinion(name, config, question, (asked) => askModel(name, model, asked));
    }
    case "program": {
      const { askProgram } = await import("./ask-program.ts");
      return tracedOpinion(name, config, question, (asked) => askProgram(name, config, asked));
    }
    default:
      return (await import("./offline-opinion.ts")).offlineOpinion(name, question);
  }
}
