import { randomUUID } from "node:crypto";
import type OpenAI from "openai";
import type { Reply, TokenUsage, ToolCall } from "../model.ts";
import type { Thoughts } from "./openai-messages.ts";
import { keepNative, readArguments, replyOf, tokens } from "./reply.ts";
import { ThinkTags, withoutOrphanedThoughts } from "./think-tags.ts";

type Chunk = OpenAI.ChatCompletionChunk;
type Delta = OpenAI.ChatCompletionChunk.Choice.Delta & {
  readonly reasoning_content?: unknown;
  readonly reasoning?: unknown;
};

interface Call {
  id: string;
  name: string;
  json: string;
  readonly index: number;
}

const stops: Readonly<Record<string, Reply["stop"]>> = {
  stop: "finished",
  tool_calls: "tools",
  function_call: "tools",
  length: "length",
  content_filter: "refused",
};

/** Puts the chunks of a stream together, whoever speaks the protocol and however loosely. */
export class OpenAiAnswer {
  readonly #maker: string;
  readonly #taken: Set<string>;
  readonly #tags = new ThinkTags();
  readonly #calls: Call[] = [];
  #thoughts: Thoughts = {};
  #text = "";
  #refused = false;
  #model: string;
  #stop: string | undefined;
  #usage: unknown;

  /** @param taken ids that earlier calls of the conversation have; some servers count from 0 in every reply */
  constructor(maker: string, model: string, taken: Set<string>) {
    this.#maker = maker;
    this.#model = model;
    this.#taken = taken;
  }

  take(chunk: Chunk, onText: (text: string) => void): void {
    if (typeof chunk.model === "string" && chunk.model !== "") this.#model = chunk.model;
    this.#usage = chunk.usage ?? this.#usage;
    const choice = chunk.choices?.[0];
    if (choice === undefined) return;
    this.#stop = choice.finish_reason ?? this.#stop;
    const delta: Delta | undefined = choice.delta;
    if (typeof delta?.content === "string") this.#say(this.#tags.take(delta.content), onText);
    if (typeof delta?.refusal === "string" && delta.refusal !== "") {
      this.#refused = true;
      this.#say(delta.refusal, onText);
    }
    this.#think("reasoning_content", delta?.reasoning_content);
    this.#think("reasoning", delta?.reasoning);
    for (const call of delta?.tool_calls ?? []) this.#add(call);
  }

  /** @throws ModelFailure `unavailable` */
  reply(vendor: string, onText: (text: string) => void): Reply {
    this.#say(this.#tags.rest(), onText);
    const stop = this.#stop === undefined ? undefined : (stops[this.#stop] ?? "other");
    return replyOf(vendor, {
      text: withoutOrphanedThoughts(this.#text),
      calls: this.#calls.map((call) => this.#callOf(call)),
      stop: this.#refused && stop !== undefined ? "refused" : stop,
      usage: usageOf(this.#usage),
      model: this.#model,
      ...(Object.keys(this.#thoughts).length === 0 ? {} : { native: keepNative(this.#maker, this.#thoughts) }),
    });
  }

  #say(text: string, onText: (text: string) => void): void {
    if (text === "") return;
    this.#text += text;
    onText(text);
  }

  #think(field: keyof Thoughts, piece: unknown): void {
    if (typeof piece !== "string" || piece === "") return;
    this.#thoughts = { ...this.#thoughts, [field]: (this.#thoughts[field] ?? "") + piece };
  }

  /** Pieces of one call share its index; servers that give none, or always 0, start a new call with a new id. */
  #add({ index, id, function: written }: OpenAI.ChatCompletionChunk.Choice.Delta.ToolCall): void {
    const at = index ?? (id === undefined ? (this.#calls.at(-1)?.index ?? 0) : this.#calls.length);
    let call = this.#calls.findLast((each) => each.index === at);
    if (call === undefined || (id && call.id !== "" && call.id !== id)) {
      call = { id: "", name: "", json: "", index: at };
      this.#calls.push(call);
    }
    if (id) call.id = id;
    call.name += written?.name && written.name !== call.name ? written.name : "";
    // Some servers send the arguments as the object that they should be the text of.
    const piece: unknown = written?.arguments;
    call.json += typeof piece === "string" ? piece : piece == null ? "" : JSON.stringify(piece);
  }

  #callOf({ id, name, json }: Call): ToolCall {
    const own = id === "" || this.#taken.has(id) ? `call_${randomUUID()}` : id;
    this.#taken.add(own);
    return { id: own, name, input: readArguments(json) };
  }
}

/** What was read from the cache and written to it is part of `prompt_tokens`; thoughts are part of `completion_tokens`. */
function usageOf(report: unknown): TokenUsage {
  const usage = (report ?? {}) as Record<string, unknown>;
  const details = (usage.prompt_tokens_details ?? {}) as Record<string, unknown>;
  // DeepSeek's own name for the same.
  const read = tokens(details.cached_tokens) || tokens(usage.prompt_cache_hit_tokens);
  const written = tokens(details.cache_write_tokens);
  return {
    inputTokens: Math.max(0, tokens(usage.prompt_tokens) - read - written),
    cacheReadTokens: read,
    cacheWriteTokens: written,
    outputTokens: tokens(usage.completion_tokens),
  };
}
