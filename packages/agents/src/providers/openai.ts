import OpenAI, { APIConnectionError, APIError, APIUserAbortError } from "openai";
import type { ModelProvider, ModelRequest } from "../model.ts";
import { OpenAiAnswer } from "./openai-answer.ts";
import { messagesOf } from "./openai-messages.ts";
import { sdkFailure } from "./sdk-refusal.ts";
import { eventsOf, noTimeLimit } from "./stream.ts";

export interface OpenAiOptions {
  readonly model: string;
  readonly baseUrl?: string | undefined;
  readonly key: (signal: AbortSignal) => Promise<string>;
  readonly requestSeconds: number;
  readonly temperature?: number | undefined;
  readonly effort?: "none" | "minimal" | "low" | "medium" | "high" | "xhigh" | "max" | undefined;
  /** OpenAI's own models take only the first name, most other servers know only the second. */
  readonly maxTokensField: "max_completion_tokens" | "max_tokens";
}

const vendor = "the OpenAI-compatible server";

/** Any model behind OpenAI's Chat Completions: OpenAI's own, and those behind vLLM, Ollama, DeepSeek and others. */
export function openAiProvider(options: OpenAiOptions): ModelProvider {
  const { model, requestSeconds } = options;
  const maker = `openai/${model}`;
  return {
    system: "openai",
    model,
    async reply(request, { signal, onText }) {
      const client = new OpenAI({
        apiKey: await options.key(signal),
        baseURL: options.baseUrl,
        maxRetries: 0,
        timeout: noTimeLimit,
        logLevel: "off",
      });
      const taken = request.messages.flatMap((message) => (message.role === "assistant" ? message.calls : []));
      const answer = new OpenAiAnswer(maker, model, new Set(taken.map(({ id }) => id)));
      for await (const chunk of eventsOf(
        (end) => client.chat.completions.create(bodyOf(request, maker, options), { signal: end }),
        { signal, seconds: requestSeconds, explain },
      )) {
        answer.take(chunk, onText);
      }
      return answer.reply(vendor, onText);
    },
  };
}

function bodyOf(request: ModelRequest, maker: string, options: OpenAiOptions) {
  const { model, temperature, effort } = options;
  return {
    model,
    [options.maxTokensField]: request.maxOutputTokens,
    stream: true as const,
    stream_options: { include_usage: true },
    messages: messagesOf(request, maker),
    ...(request.tools.length === 0 ? {} : { tools: request.tools.map(toolOf) }),
    ...(temperature === undefined ? {} : { temperature }),
    ...(effort === undefined ? {} : { reasoning_effort: effort }),
  };
}

function toolOf({ name, description, input }: ModelRequest["tools"][number]): OpenAI.ChatCompletionTool {
  return { type: "function", function: { name, description, parameters: { ...input } } };
}

function explain(error: unknown) {
  const noAnswer = error instanceof APIConnectionError || error instanceof APIUserAbortError;
  return sdkFailure(vendor, error, error instanceof APIError && !noAnswer);
}
