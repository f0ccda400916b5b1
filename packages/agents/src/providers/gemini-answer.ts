import { randomUUID } from "node:crypto";
import type { GenerateContentResponse, Part } from "@google/genai";
import type { Reply, TokenUsage, ToolCall } from "../model.ts";
import { unusable } from "./failure.ts";
import { ownId } from "./gemini-contents.ts";
import { keepNative, replyOf, tokens } from "./reply.ts";

const stops: Readonly<Record<string, Reply["stop"]>> = {
  STOP: "finished",
  // Google says STOP; what stands between sometimes knows better.
  FUNCTION_CALL: "tools",
  MAX_TOKENS: "length",
  SAFETY: "refused",
  RECITATION: "refused",
  BLOCKLIST: "refused",
  PROHIBITED_CONTENT: "refused",
  SPII: "refused",
};
/** The model tried to say something that Google could not read. */
const garbled = new Set(["MALFORMED_FUNCTION_CALL", "MALFORMED_RESPONSE"]);

/** Puts the chunks of a stream together. Parts that are not known are kept for Gemini and passed over. */
export class GeminiAnswer {
  readonly #maker: string;
  readonly #parts: Part[] = [];
  readonly #calls: ToolCall[] = [];
  #text = "";
  #model: string;
  #stop: string | undefined;
  #blocked = false;
  #usage: GenerateContentResponse["usageMetadata"];

  constructor(maker: string, model: string) {
    this.#maker = maker;
    this.#model = model;
  }

  take(chunk: GenerateContentResponse, onText: (text: string) => void): void {
    this.#model = chunk.modelVersion ?? this.#model;
    this.#usage = chunk.usageMetadata ?? this.#usage;
    if (chunk.promptFeedback?.blockReason !== undefined) this.#blocked = true;
    const candidate = chunk.candidates?.[0];
    this.#stop = candidate?.finishReason ?? this.#stop;
    for (const part of candidate?.content?.parts ?? []) {
      this.#keep(part);
      if (part.functionCall !== undefined) this.#call(part.functionCall);
      else if (typeof part.text === "string" && part.text !== "" && part.thought !== true) {
        this.#text += part.text;
        onText(part.text);
      }
    }
  }

  /** @throws ModelFailure `unavailable` */
  reply(vendor: string): Reply {
    if (this.#stop !== undefined && garbled.has(this.#stop)) {
      throw unusable(vendor, `the model's answer could not be read (${this.#stop})`);
    }
    const stop = this.#stop === undefined ? undefined : (stops[this.#stop] ?? "other");
    return replyOf(vendor, {
      text: this.#text,
      calls: this.#calls,
      stop: this.#blocked ? "refused" : stop,
      usage: usageOf(this.#usage),
      model: this.#model,
      ...(this.#parts.length === 0 ? {} : { native: keepNative(this.#maker, this.#parts) }),
    });
  }

  /** Text comes in crumbs; what is nothing but text is put together, what is signed stays as it came. */
  #keep(part: Part): void {
    const last = this.#parts.at(-1);
    if (last !== undefined && onlyText(last) && onlyText(part)) {
      this.#parts[this.#parts.length - 1] = { text: `${last.text}${part.text}` };
    } else if (Object.keys(part).length > 0 && !(onlyText(part) && part.text === "")) this.#parts.push(part);
  }

  #call({ id, name, args }: NonNullable<Part["functionCall"]>): void {
    this.#calls.push({ id: id ?? `${ownId}${randomUUID()}`, name: name ?? "", input: args ?? {} });
  }
}

function onlyText(part: Part): part is Part & { text: string } {
  return typeof part.text === "string" && Object.keys(part).length === 1;
}

/** What was read from the cache is part of the prompt; thoughts are counted beside the answer. */
function usageOf(report: GenerateContentResponse["usageMetadata"]): TokenUsage {
  const read = tokens(report?.cachedContentTokenCount);
  const prompt = tokens(report?.promptTokenCount) + tokens(report?.toolUsePromptTokenCount);
  return {
    inputTokens: Math.max(0, prompt - read),
    cacheReadTokens: read,
    cacheWriteTokens: 0,
    outputTokens: tokens(report?.candidatesTokenCount) + tokens(report?.thoughtsTokenCount),
  };
}
