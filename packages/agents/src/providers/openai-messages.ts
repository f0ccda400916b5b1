import type OpenAI from "openai";
import type { Message, ModelRequest } from "../model.ts";
import { givenBack, keptNative } from "./reply.ts";

type Sent = OpenAI.ChatCompletionMessageParam;

/** Thoughts that came in a field of their own, under the name that the server gave it. */
export type Thoughts = Readonly<Partial<Record<"reasoning_content" | "reasoning", string>>>;

/** A conversation in the form of Chat Completions. */
export function messagesOf({ system, messages }: Pick<ModelRequest, "system" | "messages">, maker: string): Sent[] {
  const opening: Sent[] = system === "" ? [] : [{ role: "system", content: system }];
  return [...opening, ...messages.flatMap((message) => sentOf(message, maker))];
}

function sentOf(message: Message, maker: string): Sent[] {
  if (message.role === "user") return [{ role: "user", content: message.text }];
  if (message.role === "results") {
    return message.results.map(({ id, text, failed }) => ({
      role: "tool",
      tool_call_id: id,
      // This API has no other way to say that a tool failed.
      content: failed ? `Error: ${text}` : text,
    }));
  }
  if (message.calls.length === 0) {
    return message.text === "" ? [] : [{ role: "assistant", content: message.text }];
  }
  const tool_calls = message.calls.map(({ id, name, input }) => ({
    id,
    type: "function" as const,
    function: { name, arguments: JSON.stringify(givenBack(input)) },
  }));
  // Models that think between calls want their thoughts back while they work, and refuse them after it.
  const thoughts = (keptNative(maker, message) ?? {}) as Thoughts;
  return [{ role: "assistant", content: message.text === "" ? null : message.text, tool_calls, ...thoughts }];
}
