import { ApiError, type GenerateContentParameters, GoogleGenAI, ThinkingLevel } from "@google/genai";
import type { ModelProvider, ModelRequest } from "../model.ts";
import { causesOf, failureOf, unusable } from "./failure.ts";
import { GeminiAnswer } from "./gemini-answer.ts";
import { contentsOf } from "./gemini-contents.ts";
import { eventsOf } from "./stream.ts";

export interface GeminiOptions {
  readonly model: string;
  readonly baseUrl?: string | undefined;
  /** The SDK's usual one when absent. */
  readonly apiVersion?: string | undefined;
  readonly key: (signal: AbortSignal) => Promise<string>;
  readonly requestSeconds: number;
  /** Tokens to think with, for models that take a budget. */
  readonly thinking?: number | undefined;
  /** How hard to think, for models that take a level. */
  readonly effort?: "minimal" | "low" | "medium" | "high" | undefined;
  readonly temperature?: number | undefined;
}

const vendor = "Gemini";
const levels = {
  minimal: ThinkingLevel.MINIMAL,
  low: ThinkingLevel.LOW,
  medium: ThinkingLevel.MEDIUM,
  high: ThinkingLevel.HIGH,
} as const;

/** Gemini, through the Gemini API. The SDK tries once unless it is told otherwise. */
export function geminiProvider(options: GeminiOptions): ModelProvider {
  const { model, requestSeconds } = options;
  const maker = `gcp.gemini/${model}`;
  return {
    system: "gcp.gemini",
    model,
    async reply(request, { signal, onText }) {
      // The SDK's errors know no headers, and Retry-After is one.
      let headers: Headers | undefined;
      const client = new GoogleGenAI({
        apiKey: await options.key(signal),
        vertexai: false,
        httpOptions: {
          ...(options.baseUrl === undefined ? {} : { baseUrl: options.baseUrl }),
          ...(options.apiVersion === undefined ? {} : { apiVersion: options.apiVersion }),
          fetch: async (input, init) => {
            const response = await fetch(input, init);
            headers = response.headers;
            return response;
          },
        },
      });
      const answer = new GeminiAnswer(maker, model);
      for await (const chunk of eventsOf(
        (end) => client.models.generateContentStream(parametersOf(request, maker, options, end)),
        { signal, seconds: requestSeconds, explain: (error) => explain(error, headers) },
      )) {
        answer.take(chunk, onText);
      }
      return answer.reply(vendor);
    },
  };
}

function parametersOf(
  request: ModelRequest,
  maker: string,
  { model, thinking, effort, temperature }: GeminiOptions,
  abortSignal: AbortSignal,
): GenerateContentParameters {
  const functionDeclarations = request.tools.map(({ name, description, input }) => ({
    name,
    description,
    parametersJsonSchema: input,
  }));
  const thinkingConfig = {
    ...(thinking === undefined ? {} : { thinkingBudget: thinking }),
    ...(effort === undefined ? {} : { thinkingLevel: levels[effort] }),
  };
  return {
    model,
    contents: contentsOf(request.messages, maker),
    config: {
      abortSignal,
      maxOutputTokens: request.maxOutputTokens,
      ...(request.system === "" ? {} : { systemInstruction: request.system }),
      ...(functionDeclarations.length === 0 ? {} : { tools: [{ functionDeclarations }] }),
      ...(Object.keys(thinkingConfig).length === 0 ? {} : { thinkingConfig }),
      ...(temperature === undefined ? {} : { temperature }),
    },
  };
}

interface ErrorBody {
  readonly error?: {
    readonly message?: unknown;
    readonly status?: unknown;
    readonly details?: readonly { readonly reason?: unknown; readonly retryDelay?: unknown }[];
  };
}

function explain(error: unknown, headers: Headers | undefined) {
  if (!(error instanceof ApiError)) return unusable(vendor, causesOf(error), error);
  const { error: told } = bodyOf(error.message);
  const details = Array.isArray(told?.details) ? told.details : [];
  // `17s`, in the body: Google's own way to say Retry-After.
  const delay = details.map(({ retryDelay }) => /^(\d+(?:\.\d+)?)s$/.exec(String(retryDelay))?.[1]).find(Boolean);
  return failureOf(
    vendor,
    {
      status: error.status,
      code: [told?.status, ...details.map(({ reason }) => reason)].filter((word) => typeof word === "string").join(" "),
      message: typeof told?.message === "string" ? told.message : error.message,
      header: (name) => headers?.get(name) ?? (name === "retry-after" ? delay : undefined),
    },
    error,
  );
}

/** The SDK's message is the body of the answer, with some words before it when it came within a stream. */
function bodyOf(message: string): ErrorBody {
  try {
    return (JSON.parse(message.slice(Math.max(0, message.indexOf("{")))) ?? {}) as ErrorBody;
  } catch {
    return {};
  }
}
