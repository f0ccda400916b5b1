import type { Message as BedrockMessage, ContentBlock } from "@aws-sdk/client-bedrock-runtime";
import type { Message } from "../model.ts";
import { givenBack, keptNative } from "./reply.ts";
import { latestOfUser, takeTurns } from "./turns.ts";

export const cachePoint = { cachePoint: { type: "default" as const } };

/** A block as it is kept: bytes as Base64, because what is kept is JSON. */
export type KeptBlock = ContentBlock | { readonly redacted: string };

/**
 * A conversation in Bedrock's form: user and assistant take turns.
 *
 * @param cache marks the end of the latest turns of the user, so that the next call finds all before them in the cache
 */
export function messagesOf(messages: readonly Message[], maker: string, cache: boolean): BedrockMessage[] {
  const turns = takeTurns(messages, (message) => contentOf(message, maker));
  if (cache) for (const turn of latestOfUser(turns, 2)) turn.content.push(cachePoint);
  return turns;
}

function contentOf(message: Message, maker: string): ContentBlock[] {
  if (message.role === "user") return textOf(message.text);
  if (message.role === "results") {
    return message.results.map(({ id, text, failed }) => ({
      toolResult: {
        toolUseId: id,
        // Blank text is refused.
        content: [{ text: text.trim() === "" ? "(nothing)" : text }],
        // Not every model knows a status.
        ...(failed ? { status: "error" as const } : {}),
      },
    }));
  }
  const native = keptNative(maker, message);
  if (Array.isArray(native)) return (native as KeptBlock[]).map(blockOf);
  const calls = message.calls.map(
    ({ id, name, input }): ContentBlock => ({ toolUse: { toolUseId: id, name, input: documentOf(input) } }),
  );
  return [...textOf(message.text), ...calls];
}

function blockOf(kept: KeptBlock): ContentBlock {
  return "redacted" in kept ? { reasoningContent: { redactedContent: Buffer.from(kept.redacted, "base64") } } : kept;
}

type Document = NonNullable<ContentBlock.ToolUseMember["toolUse"]["input"]>;

/** The SDK's word for any JSON. */
export function documentOf(input: unknown): Document {
  return givenBack(input) as Document;
}

function textOf(text: string): ContentBlock[] {
  return text.trim() === "" ? [] : [{ text }];
}
