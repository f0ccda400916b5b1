import type { AgentConfig } from "@memomesh/core";
import type { ModelProvider } from "../model.ts";
import { configError, isLoopback, readOptions } from "./config.ts";
import { type KeySource, keyFinder } from "./key.ts";
import { isVendorItself, keySource } from "./key-source.ts";
import { defaultModels, type KnownModel, knownModel, type Vendor } from "./models.ts";
import { anthropicOptions, bedrockOptions, geminiOptions, openAiOptions } from "./options.ts";
import type { Price } from "./price.ts";
import { traced } from "./traced.ts";

/** A model that is ready to be asked, and what is known of it. */
export interface CreatedProvider {
  readonly provider: ModelProvider;
  /** Where its key is looked for; undefined: it is asked for none, or its vendor's SDK finds it by itself. */
  readonly key: KeySource | undefined;
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
  const source = keySource(name, "anthropic", options);
  return created(
    anthropicProvider({ ...options, model, key: finder(source) }),
    source,
    options,
    knownModel("anthropic", model),
  );
}

async function gemini(name: string, config: AgentConfig): Promise<CreatedProvider> {
  const options = readOptions(name, config, geminiOptions);
  const model = options.model ?? defaultModels.gemini;
  const { geminiProvider } = await import("./gemini.ts");
  const source = keySource(name, "gemini", options);
  return created(
    geminiProvider({ ...options, model, key: finder(source) }),
    source,
    options,
    knownModel("gemini", model),
  );
}

async function openai(name: string, config: AgentConfig): Promise<CreatedProvider> {
  const options = readOptions(name, config, openAiOptions);
  const { baseUrl } = options;
  const model = options.model ?? defaultModels.openai;
  const here = baseUrl !== undefined && isLoopback(baseUrl);
  const itself = isVendorItself("openai", baseUrl);
  const known = itself ? knownModel("openai", model) : undefined;
  const { openAiProvider } = await import("./openai.ts");
  const source = keySource(name, "openai", options);
  const provider = openAiProvider({
    ...options,
    model,
    key: finder(source),
    effort: options.effort ?? known?.effort,
    maxTokensField: options.maxTokensField ?? (itself ? "max_completion_tokens" : "max_tokens"),
  });
  return created(provider, source, { ...options, local: options.local ?? here }, known);
}

async function bedrock(name: string, config: AgentConfig): Promise<CreatedProvider> {
  const options = readOptions(name, config, bedrockOptions);
  const model = options.model ?? defaultModels.bedrock;
  const { bedrockProvider } = await import("./bedrock.ts");
  const cache = options.cache ?? /anthropic\.|amazon\.nova/.test(model);
  const provider = bedrockProvider({ ...options, agent: name, model, cache });
  return created(provider, undefined, options, knownModel("bedrock", model));
}

function finder(source: KeySource | undefined): ReturnType<typeof keyFinder> {
  return source === undefined ? async () => "none" : keyFinder(source);
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

function created(
  provider: ModelProvider,
  key: KeySource | undefined,
  told: Told,
  known: KnownModel | undefined,
): CreatedProvider {
  const local = told.local ?? false;
  return {
    provider: traced(provider),
    key,
    price: told.prices ?? known?.price ?? (local ? { input: 0, output: 0 } : undefined),
    maxOutputTokens: told.maxOutputTokens ?? Math.min(known?.outputTokens ?? modest.output, usualOutput),
    contextTokens: told.contextTokens ?? known?.contextTokens ?? (local ? modest.localContext : modest.context),
    local,
  };
}
