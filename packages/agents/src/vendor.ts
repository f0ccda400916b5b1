import type { AgentConfig } from "@memomesh/core";
import { defaultModels } from "./providers/models.ts";

/** Who makes a model, by what its name holds; the same model is sold by many. */
const makers: readonly (readonly [name: RegExp, maker: string])[] = [
  [/claude/i, "anthropic"],
  [/gemini|gemma/i, "google"],
  [/deepseek/i, "deepseek"],
  [/(?:^|[/.:])(?:gpt|chatgpt|o\d)(?![a-z])/i, "openai"],
  [/qwen|qwq/i, "alibaba"],
  [/mi[sx]tral|codestral|devstral|magistral/i, "mistral"],
  [/llama/i, "meta"],
  [/(?:^|[/.:])(?:nova|titan)(?![a-z])/i, "amazon"],
];

/** Whose models a provider asks when neither mesh.yml nor a model's name says it. */
const usual: Readonly<Record<string, string>> = {
  anthropic: "anthropic",
  "claude-code": "anthropic",
  gemini: "google",
  "gemini-cli": "google",
  codex: "openai",
};

/**
 * Who has made what an agent thinks with, as far as its configuration tells. Two agents of one vendor are likely to make
 * the same mistakes, so they are no second opinion for each other.
 */
export function vendorOf({ provider, model, baseUrl }: AgentConfig): string {
  const name = typeof model === "string" ? model : usualModel(provider, baseUrl);
  const maker = makers.find(([pattern]) => pattern.test(name))?.[1];
  if (maker !== undefined) return maker;
  if (Object.hasOwn(usual, provider)) return usual[provider] ?? provider;
  return typeof baseUrl === "string" ? `${provider} at ${baseUrl}` : provider;
}

/** A server of somebody's own has models of its own. */
function usualModel(provider: string, baseUrl: unknown): string {
  if (provider === "bedrock") return defaultModels.bedrock;
  return provider === "openai" && baseUrl === undefined ? defaultModels.openai : "";
}
