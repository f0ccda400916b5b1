import type {
  TokenUsage as BedrockUsage,
  ContentBlockDelta,
  ConverseStreamOutput,
} from "@aws-sdk/client-bedrock-runtime";
import type { Reply, ToolCall } from "../model.ts";
import { documentOf, type KeptBlock } from "./bedrock-messages.ts";
import { unusable } from "./failure.ts";
import { keepNative, readArguments, replyOf, tokens } from "./reply.ts";

/** One block as far as it has come. Only the blocks of tools have a start of their own. */
interface Part {
  tool: { readonly id: string; readonly name: string } | undefined;
  json: string;
  text: string;
  thought: string;
  signature: string | undefined;
  redacted: string;
}

const stops: Readonly<Record<string, Reply["stop"]>> = {
  end_turn: "finished",
  stop_sequence: "finished",
  tool_use: "tools",
  max_tokens: "length",
  model_context_window_exceeded: "length",
  content_filtered: "refused",
  guardrail_intervened: "refused",
  refusal: "refused",
};
/** The model tried to say something that Bedrock could not read. */
const garbled = new Set(["malformed_model_output", "malformed_tool_use"]);

/** Puts the events of a stream together. Events and blocks that are not known are passed over. */
export class BedrockAnswer {
  readonly #maker: string;
  readonly #model: string;
  readonly #parts = new Map<number, Part>();
  #stop: string | undefined;
  #usage: BedrockUsage | undefined;

  constructor(maker: string, model: string) {
    this.#maker = maker;
    this.#model = model;
  }

  take(event: ConverseStreamOutput, onText: (text: string) => void): void {
    const { contentBlockStart, contentBlockDelta, messageStop, metadata } = event;
    if (contentBlockStart !== undefined) {
      const { toolUse } = contentBlockStart.start ?? {};
      const tool = toolUse && { id: toolUse.toolUseId ?? "", name: toolUse.name ?? "" };
      this.#part(contentBlockStart.contentBlockIndex).tool = tool;
    }
    if (contentBlockDelta?.delta !== undefined) {
      add(this.#part(contentBlockDelta.contentBlockIndex), contentBlockDelta.delta, onText);
    }
    if (messageStop !== undefined) this.#stop = messageStop.stopReason ?? "";
    this.#usage = metadata?.usage ?? this.#usage;
  }

  /** @throws ModelFailure `unavailable` */
  reply(vendor: string): Reply {
    if (this.#stop !== undefined && garbled.has(this.#stop)) {
      throw unusable(vendor, `the model's answer could not be read (${this.#stop})`);
    }
    const parts = [...this.#parts.entries()].sort(([a], [b]) => a - b).map(([, part]) => part);
    const blocks = parts.flatMap(kept);
    return replyOf(vendor, {
      text: parts.map(({ text }) => text).join(""),
      calls: parts.flatMap(callOf),
      stop: this.#stop === undefined ? undefined : (stops[this.#stop] ?? "other"),
      usage: {
        inputTokens: tokens(this.#usage?.inputTokens),
        cacheReadTokens: tokens(this.#usage?.cacheReadInputTokens),
        cacheWriteTokens: tokens(this.#usage?.cacheWriteInputTokens),
        outputTokens: tokens(this.#usage?.outputTokens),
      },
      // Bedrock does not say which model answered.
      model: this.#model,
      ...(blocks.length === 0 ? {} : { native: keepNative(this.#maker, blocks) }),
    });
  }

  #part(index = 0): Part {
    let part = this.#parts.get(index);
    if (part === undefined) {
      part = { tool: undefined, json: "", text: "", thought: "", signature: undefined, redacted: "" };
      this.#parts.set(index, part);
    }
    return part;
  }
}

function add(part: Part, delta: ContentBlockDelta, onText: (text: string) => void): void {
  if (delta.text !== undefined) {
    part.text += delta.text;
    if (delta.text !== "") onText(delta.text);
  }
  part.json += delta.toolUse?.input ?? "";
  const { text, signature, redactedContent } = delta.reasoningContent ?? {};
  part.thought += text ?? "";
  part.signature = signature ?? part.signature;
  if (redactedContent !== undefined) part.redacted = Buffer.from(redactedContent).toString("base64");
}

function callOf({ tool, json }: Part): ToolCall[] {
  return tool === undefined ? [] : [{ ...tool, input: readArguments(json) }];
}

/** The block as it is given back; none when it is empty. */
function kept({ tool, json, text, thought, signature, redacted }: Part): KeptBlock[] {
  if (tool !== undefined) {
    return [{ toolUse: { toolUseId: tool.id, name: tool.name, input: documentOf(readArguments(json)) } }];
  }
  if (redacted !== "") return [{ redacted }];
  if (thought !== "" || signature !== undefined) {
    return [
      { reasoningContent: { reasoningText: { text: thought, ...(signature === undefined ? {} : { signature }) } } },
    ];
  }
  return text.trim() === "" ? [] : [{ text }];
}
