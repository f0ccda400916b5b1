import Anthropic, { APIConnectionError, APIError, APIUserAbortError } from "@anthropic-ai/sdk";
import type { ModelProvider, ModelRequest } from "../model.ts";
import { AnthropicAnswer } from "./anthropic-answer.ts";
import { cachedSystem, turnsOf } from "./anthropic-turns.ts";
import { sdkFailure } from "./sdk-refusal.ts";
import { eventsOf, noTimeLimit } from "./stream.ts";

export interface AnthropicOptions {
  readonly model: string;
  readonly baseUrl?: string | undefined;
  readonly key: (signal: AbortSignal) => Promise<string>;
  readonly requestSeconds: number;
  /** Tokens to think with, for models that take a budget; "adaptive" for those that decide themselves. */
  readonly thinking?: number | "adaptive" | undefined;
  readonly effort?: "low" | "medium" | "high" | "xhigh" | "max" | undefined;
  readonly temperature?: number | undefined;
}

const vendor = "Anthropic";
/** What a budget for thoughts has to leave for the answer, and the smallest one that is allowed. */
const least = 1024;

/** Claude, through the Messages API. */
export function anthropicProvider(options: AnthropicOptions): ModelProvider {
  const { model, requestSeconds } = options;
  const maker = `anthropic/${model}`;
  return {
    system: "anthropic",
    model,
    async reply(request, { signal, onText }) {
      const client = new Anthropic({
        apiKey: await options.key(signal),
        authToken: null,
        baseURL: options.baseUrl,
        maxRetries: 0,
        timeout: noTimeLimit,
        logLevel: "off",
        openTelemetry: false,
        // Since the API of 2026-10-21 a temperature is refused.
        defaultHeaders: options.temperature === undefined ? {} : { "anthropic-version": "2023-06-01" },
      });
      const answer = new AnthropicAnswer(maker, model);
      const watch = { signal, seconds: requestSeconds, explain };
      for await (const event of eventsOf(
        (end) => client.messages.create(bodyOf(request, maker, options), { signal: end }),
        watch,
      )) {
        answer.take(event, onText);
      }
      return answer.reply(vendor);
    },
  };
}

function bodyOf(request: ModelRequest, maker: string, options: AnthropicOptions) {
  const { model, thinking, effort, temperature } = options;
  const budget = typeof thinking === "number" ? Math.min(thinking, request.maxOutputTokens - least) : 0;
  return {
    model,
    max_tokens: request.maxOutputTokens,
    stream: true as const,
    system: cachedSystem(request.system),
    messages: turnsOf(request.messages, maker),
    ...(request.tools.length === 0 ? {} : { tools: request.tools.map(toolOf) }),
    ...(thinking === "adaptive" ? { thinking: { type: "adaptive" as const } } : {}),
    ...(budget >= least ? { thinking: { type: "enabled" as const, budget_tokens: budget } } : {}),
    ...(effort === undefined ? {} : { output_config: { effort } }),
    ...(temperature === undefined ? {} : { temperature }),
  };
}

function toolOf({ name, description, input }: ModelRequest["tools"][number]): Anthropic.Tool {
  return { name, description, input_schema: { ...input, type: "object" } };
}

function explain(error: unknown) {
  const noAnswer = error instanceof APIConnectionError || error instanceof APIUserAbortError;
  return sdkFailure(vendor, error, error instanceof APIError && !noAnswer);
}
