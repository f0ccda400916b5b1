import type Anthropic from "@anthropic-ai/sdk";
import type { Reply, TokenUsage, ToolCall } from "../model.ts";
import { givenBack, keepNative, readArguments, replyOf, tokens } from "./reply.ts";

type Event = Anthropic.RawMessageStreamEvent;
type Fields = Record<string, unknown>;

/** One block as far as it has come. */
interface Part {
  readonly block: Fields;
  /** Arguments of a tool, as they are written. */
  json: string;
  /** A piece came that is not known: the block is not complete and cannot be given back. */
  torn: boolean;
}

const stops: Readonly<Record<string, Reply["stop"]>> = {
  end_turn: "finished",
  stop_sequence: "finished",
  tool_use: "tools",
  max_tokens: "length",
  model_context_window_exceeded: "length",
  refusal: "refused",
};

/** Puts the events of a stream together. Events, blocks and fields that are not known are kept or passed over. */
export class AnthropicAnswer {
  readonly #maker: string;
  readonly #parts = new Map<number, Part>();
  readonly #usage: Fields = {};
  #model: string;
  #stop: string | undefined;
  #complete = false;

  constructor(maker: string, model: string) {
    this.#maker = maker;
    this.#model = model;
  }

  take(event: Event, onText: (text: string) => void): void {
    switch (event.type) {
      case "message_start":
        this.#model = event.message?.model ?? this.#model;
        this.#count(event.message?.usage);
        break;
      case "content_block_start": {
        const block = { ...event.content_block } as Fields;
        this.#parts.set(event.index, { block, json: "", torn: false });
        if (block.type === "text" && typeof block.text === "string" && block.text !== "") onText(block.text);
        break;
      }
      case "content_block_delta":
        this.#add(event.index, event.delta as unknown as Fields, onText);
        break;
      case "message_delta":
        this.#stop = event.delta?.stop_reason ?? this.#stop;
        this.#count(event.usage);
        break;
      case "message_stop":
        this.#complete = true;
        break;
    }
  }

  /** @throws ModelFailure `unavailable` */
  reply(vendor: string): Reply {
    const parts = [...this.#parts.entries()].sort(([a], [b]) => a - b).map(([, part]) => part);
    const blocks = parts.flatMap(finished);
    return replyOf(vendor, {
      text: parts.map(({ block }) => (block.type === "text" ? String(block.text ?? "") : "")).join(""),
      calls: parts.flatMap(callOf),
      stop: this.#complete ? (stops[this.#stop ?? ""] ?? "other") : undefined,
      usage: this.#spent(),
      model: this.#model,
      ...(blocks.length === 0 ? {} : { native: keepNative(this.#maker, blocks) }),
    });
  }

  #add(index: number, delta: Fields, onText: (text: string) => void): void {
    const part = this.#parts.get(index);
    if (part === undefined) return;
    const { block } = part;
    const grow = (field: string, piece: unknown) => {
      block[field] = `${String(block[field] ?? "")}${String(piece ?? "")}`;
    };
    switch (delta.type) {
      case "text_delta":
        grow("text", delta.text);
        if (block.type === "text") onText(String(delta.text ?? ""));
        break;
      case "input_json_delta":
        part.json += String(delta.partial_json ?? "");
        break;
      case "thinking_delta":
        grow("thinking", delta.thinking);
        break;
      case "signature_delta":
        grow("signature", delta.signature);
        break;
      default:
        part.torn = true;
    }
  }

  /** Reports come at the start and the end, each with the sums so far of what it knows. */
  #count(report: object | null | undefined): void {
    for (const [name, value] of Object.entries(report ?? {})) if (value !== null) this.#usage[name] = value;
  }

  #spent(): TokenUsage {
    return {
      inputTokens: tokens(this.#usage.input_tokens),
      cacheReadTokens: tokens(this.#usage.cache_read_input_tokens),
      cacheWriteTokens: tokens(this.#usage.cache_creation_input_tokens),
      outputTokens: tokens(this.#usage.output_tokens),
    };
  }
}

function inputOf({ block, json }: Part): unknown {
  return json === "" ? (block.input ?? {}) : readArguments(json);
}

function callOf(part: Part): ToolCall[] {
  const { type, id, name } = part.block;
  return type === "tool_use" ? [{ id: String(id), name: String(name), input: inputOf(part) }] : [];
}

/** A block as it can be given back; none when it is empty or incomplete. */
function finished(part: Part): Fields[] {
  const { block, json, torn } = part;
  if (block.type === "text") return String(block.text ?? "").trim() === "" ? [] : [{ type: "text", text: block.text }];
  if (block.type === "tool_use") return [{ ...block, input: givenBack(inputOf(part)) }];
  if (torn) return [];
  return [json === "" ? block : { ...block, input: readArguments(json) }];
}
