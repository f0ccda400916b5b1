import type { Price } from "./price.ts";

/** What is known of a model when the configuration does not say it. */
export interface KnownModel {
  readonly contextTokens: number;
  readonly outputTokens: number;
  readonly price: Price;
  /** How hard it thinks, where its vendor's usual setting does not fit this program. */
  readonly effort?: "none";
}

export type Vendor = "anthropic" | "gemini" | "openai" | "bedrock";

/** The model that each provider asks for when mesh.yml names none. */
export const defaultModels: Readonly<Record<Vendor, string>> = {
  anthropic: "claude-sonnet-5-5",
  gemini: "gemini-3.8-flash",
  openai: "gpt-6.1-terra",
  bedrock: "global.anthropic.claude-sonnet-5-5",
};

const claude = { contextTokens: 1_000_000, outputTokens: 128_000 };
const gemini = { contextTokens: 1_048_576, outputTokens: 65_536 };
const gpt = { contextTokens: 922_000, outputTokens: 128_000 };

const sonnet: KnownModel = { ...claude, price: { input: 2, output: 10, cacheRead: 0.1, cacheWrite: 2.5 } };
const opus: KnownModel = { ...claude, price: { input: 4, output: 20, cacheRead: 0.2, cacheWrite: 5 } };

/**
 * Models as of 2026-11-21, from what vendors' pages and price trackers said then: platform.claude.com (models, pricing;
 * cache reads of Sonnet 5.5 as cut on 2026-10-07), ai.google.dev (pricing, read there on 2026-10-07), developers.openai.com
 * (model pages of GPT-6 and 6.1 as quoted at their release). Nobody promises that they still hold; `model`, `prices`,
 * `contextTokens` and `maxOutputTokens` in mesh.yml go before them, and a model that is not listed works without them.
 */
const known: Readonly<Record<Vendor, Readonly<Record<string, KnownModel>>>> = {
  anthropic: {
    "claude-sonnet-5-5": sonnet,
    "claude-opus-5-5": opus,
    "claude-fable-5-1": { ...claude, price: { input: 10, output: 50, cacheRead: 0.25, cacheWrite: 12.5 } },
    "claude-haiku-5-5": {
      ...claude,
      price: {
        ...{ input: 0.1, output: 0.5, cacheRead: 0.01, cacheWrite: 0.125 },
        long: { above: 100_000, input: 0.5, output: 2.5, cacheRead: 0.05, cacheWrite: 0.625 },
      },
    },
    "claude-opus-5": { ...claude, price: { input: 5, output: 25, cacheRead: 0.5, cacheWrite: 6.25 } },
    "claude-sonnet-5": { ...claude, price: { input: 2, output: 10, cacheRead: 0.2, cacheWrite: 2.5 } },
    "claude-haiku-4-5": {
      ...{ contextTokens: 200_000, outputTokens: 64_000 },
      price: { input: 1, output: 5, cacheRead: 0.1, cacheWrite: 1.25 },
    },
  },
  gemini: {
    // Half of this until the end of 2026: a budget that is kept too early is better than one that is not kept.
    "gemini-3.8-flash": { ...gemini, price: { input: 1.5, output: 7.5, cacheRead: 0.15 } },
    "gemini-3.5-flash-lite": { ...gemini, price: { input: 0.3, output: 2.5, cacheRead: 0.03 } },
    "gemini-3.1-pro-preview": {
      ...gemini,
      price: { input: 2, output: 12, cacheRead: 0.2, long: { above: 200_000, input: 4, output: 18, cacheRead: 0.4 } },
    },
  },
  openai: {
    // With function tools, Chat Completions wants this model not to think at all (seen in OpenAI's own error message).
    "gpt-6.1-terra": { ...gpt, effort: "none", price: gptPrice(1, 5, 0.05) },
    "gpt-6.1-sol": { ...gpt, price: gptPrice(2, 10, 0.1) },
    "gpt-6-astra": { ...gpt, price: gptPrice(10, 50, 1) },
    "gpt-6-luna": { ...gpt, effort: "none", price: gptPrice(0.1, 0.5, 0.01) },
  },
  // AWS has a price list of its own; its global profiles are taken to cost what Anthropic asks.
  bedrock: {
    "global.anthropic.claude-sonnet-5-5": sonnet,
    "global.anthropic.claude-opus-5-5": opus,
  },
};

/** What is known of a model, also under a name with a date behind it (`-20251001`, `-2026-10-26`). */
export function knownModel(vendor: Vendor, model: string): KnownModel | undefined {
  const models = known[vendor];
  return [model, model.replace(/-(?:\d{8}|\d{4}-\d{2}-\d{2})$/, "")]
    .filter((name) => Object.hasOwn(models, name))
    .map((name) => models[name])[0];
}

/** Above 272,000 tokens OpenAI takes twice as much for input and half as much again for output. */
function gptPrice(input: number, output: number, cacheRead: number): Price {
  const cacheWrite = input * 1.25;
  const long = {
    ...{ above: 272_000, input: input * 2, output: output * 1.5 },
    ...{ cacheRead: cacheRead * 2, cacheWrite: cacheWrite * 2 },
  };
  return { input, output, cacheRead, cacheWrite, long };
}
