import type { AgentConfig } from "@memomesh/core";
import type { ModelProvider } from "../model.ts";
import { configError, isLoopback, readOptions } from "./config.ts";
import { type KeySource, keyFinder } from "./key.ts";
import { defaultModels, type KnownModel, knownModel, type Vendor } from "./models.ts";
import { anthropicOptions, bedrockOptions, geminiOptions, openAiOptions } from "./options.ts";
import type { Price } from "./price.ts";
import { traced } from "./traced.ts";

/** A model that is ready to be asked, and what is known of it. */
export interface CreatedProvider {
  readonly provider: ModelProvider;
  /** undefined: nobody knows what it costs. */
  readonly price: Price | undefined;
  /** The most that it should be asked to answer. */
  readonly maxOutputTokens: number;
  /** The longest conversation that it can read. */
  readonly contextTokens: number;
  /** What it is told stays on machines of the operator. */
  readonly local: boolean;
}

const vendors: Readonly<Record<Vendor, (name: string, config: AgentConfig) => Promise<CreatedProvider>>> = {
  anthropic,
  gemini,
  openai,
  bedrock,
};

/**
 * The model that an agent of mesh.yml works with. Its SDK is loaded here, its key is looked for at the first call; nothing
 * goes over the network before that.
 *
 * @param name of the agent
 * @throws MeshError `agent.config` that names the agent and the options that are wrong
 */
export async function createProvider(name: string, config: AgentConfig): Promise<CreatedProvider> {
  const create = Object.hasOwn(vendors, config.provider) ? vendors[config.provider as Vendor] : undefined;
  if (create !== undefined) return create(name, config);
  const known = Object.keys(vendors).join(", ");
  throw configError(name, `provider "${config.provider}" has no model behind it; expected ${known}.`);
}

async function anthropic(name: string, config: AgentConfig): Promise<CreatedProvider> {
  const options = readOptions(name, config, anthropicOptions);
  const model = options.model ?? defaultModels.anthropic;
  const { anthropicProvider } = await import("./anthropic.ts");
  const key = keyFinder(keySource(name, options, "ANTHROPIC_API_KEY"));
  return created(anthropicProvider({ ...options, model, key }), options, knownModel("anthropic", model));
}

async function gemini(name: string, config: AgentConfig): Promise<CreatedProvider> {
  const options = readOptions(name, config, geminiOptions);
  const model = options.model ?? defaultModels.gemini;
  const { geminiProvider } = await import("./gemini.ts");
  const key = keyFinder(keySource(name, options, "GEMINI_API_KEY", "GOOGLE_API_KEY"));
  return created(geminiProvider({ ...options, model, key }), options, knownModel("gemini", model));
}

async function openai(name: string, config: AgentConfig): Promise<CreatedProvider> {
  const options = readOptions(name, config, openAiOptions);
  const { baseUrl, keyEnv, keyCommand } = options;
  const model = options.model ?? defaultModels.openai;
  const here = baseUrl !== undefined && isLoopback(baseUrl);
  const itself = baseUrl === undefined || new URL(baseUrl).hostname === "api.openai.com";
  const known = itself ? knownModel("openai", model) : undefined;
  const { openAiProvider } = await import("./openai.ts");
  // A server on this machine asks for no key, and it is not shown the one for OpenAI.
  const key =
    here && keyEnv === undefined && keyCommand === undefined
      ? async () => "none"
      : keyFinder(keySource(name, options, "OPENAI_API_KEY"));
  const provider = openAiProvider({
    ...options,
    model,
    key,
    effort: options.effort ?? known?.effort,
    maxTokensField: options.maxTokensField ?? (itself ? "max_completion_tokens" : "max_tokens"),
  });
  return created(provider, { ...options, local: options.local ?? here }, known);
}

async function bedrock(name: string, config: AgentConfig): Promise<CreatedProvider> {
  const options = readOptions(name, config, bedrockOptions);
  const model = options.model ?? defaultModels.bedrock;
  const { bedrockProvider } = await import("./bedrock.ts");
  const cache = options.cache ?? /anthropic\.|amazon\.nova/.test(model);
  return created(bedrockProvider({ ...options, agent: name, model, cache }), options, knownModel("bedrock", model));
}

interface KeyOptions {
  readonly keyEnv?: string | undefined;
  readonly keyCommand?: readonly string[] | undefined;
}

function keySource(agent: string, { keyEnv, keyCommand }: KeyOptions, ...usual: readonly string[]): KeySource {
  return { agent, variables: keyEnv === undefined ? usual : [keyEnv], command: keyCommand };
}

interface Told {
  readonly prices?: Price | undefined;
  readonly maxOutputTokens?: number | undefined;
  readonly contextTokens?: number | undefined;
  readonly local?: boolean | undefined;
}

/** Enough for a file in one piece, and below what makes vendors count on a long answer. */
const usualOutput = 32_000;
/** For models of which nothing is known. */
const modest = { output: 8_192, context: 128_000, localContext: 32_768 };

function created(provider: ModelProvider, told: Told, known: KnownModel | undefined): CreatedProvider {
  const local = told.local ?? false;
  return {
    provider: traced(provider),
    price: told.prices ?? known?.price ?? (local ? { input: 0, output: 0 } : undefined),
    maxOutputTokens: told.maxOutputTokens ?? Math.min(known?.outputTokens ?? modest.output, usualOutput),
    contextTokens: told.contextTokens ?? known?.contextTokens ?? (local ? modest.localContext : modest.context),
    local,
  };
}
