import type { AgentConfig } from "@memomesh/core";
import * as z from "zod";
import { keyOptions, modelOptions, readOptions } from "./config.ts";
import { type KeyTold, takesUsualKey } from "./key-source.ts";
import type { Vendor } from "./models.ts";

/** A level of effort, in the words of one vendor. */
const effort = <const Words extends readonly [string, ...string[]]>(...words: Words) => z.enum(words).optional();

// Claude 4 and its elders want a budget, Claude 5 and later refuse one.
const budget = "a number of tokens of at least 1024, or adaptive";
const budgetOrAdaptive = z.union([z.int(budget).min(1024, budget), z.literal("adaptive", budget)], budget);

/** Claude thinks with the temperature that it has. */
const coolThinking = {
  check: ({ thinking, temperature }: { readonly thinking?: unknown; readonly temperature?: unknown }) =>
    thinking === undefined || temperature === undefined,
  otherwise: { path: ["temperature"], error: "no temperature beside thinking" },
};

/** A vendor's key goes to the vendor only; who else is at an address needs one of its own. */
const ownKey = (vendor: Vendor) => ({
  check: (told: KeyTold) =>
    told.keyEnv !== undefined || told.keyCommand !== undefined || takesUsualKey(vendor, told.baseUrl),
  otherwise: {
    path: ["keyEnv"],
    error:
      "the variable that holds the key for the server at baseUrl, or a keyCommand, because the vendor's usual key is not sent to others",
  },
});

export const anthropicOptions = z
  .strictObject({
    ...modelOptions,
    ...keyOptions,
    thinking: budgetOrAdaptive.optional(),
    effort: effort("low", "medium", "high", "xhigh", "max"),
  })
  .refine(coolThinking.check, coolThinking.otherwise)
  .refine(ownKey("anthropic").check, ownKey("anthropic").otherwise);

export const geminiOptions = z
  .strictObject({
    ...modelOptions,
    ...keyOptions,
    apiVersion: z
      .string("a version such as v1beta")
      .regex(/^v\d+[a-z0-9]*$/, "a version such as v1beta")
      .optional(),
    thinking: z.int("a number of tokens").min(0, "a number of tokens").optional(),
    effort: effort("minimal", "low", "medium", "high"),
  })
  .refine(({ thinking, effort }) => thinking === undefined || effort === undefined, {
    path: ["effort"],
    error: "either effort or thinking",
  })
  .refine(ownKey("gemini").check, ownKey("gemini").otherwise);

export const openAiOptions = z
  .strictObject({
    ...modelOptions,
    ...keyOptions,
    effort: effort("none", "minimal", "low", "medium", "high", "xhigh", "max"),
    maxTokensField: z.enum(["max_completion_tokens", "max_tokens"]).optional(),
  })
  .refine(ownKey("openai").check, ownKey("openai").otherwise);

export const bedrockOptions = z
  .strictObject({
    ...modelOptions,
    region: z.string("a region such as eu-central-1").min(1, "a region such as eu-central-1").optional(),
    profile: z.string("the name of an AWS profile").min(1, "the name of an AWS profile").optional(),
    thinking: budgetOrAdaptive.optional(),
    /** Whether the model knows cache points. */
    cache: z.boolean("true or false").optional(),
  })
  .refine(coolThinking.check, coolThinking.otherwise);

const schemas: Readonly<Record<Vendor, z.ZodType>> = {
  anthropic: anthropicOptions,
  gemini: geminiOptions,
  openai: openAiOptions,
  bedrock: bedrockOptions,
};

/**
 * @param config whose provider is one of the four
 * @throws MeshError `agent.config`
 */
export function checkModelOptions(name: string, config: AgentConfig): void {
  readOptions(name, config, schemas[config.provider as Vendor]);
}
