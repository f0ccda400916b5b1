import type Anthropic from "@anthropic-ai/sdk";
import type { Message } from "../model.ts";
import { givenBack, keptNative } from "./reply.ts";
import { latestOfUser, takeTurns } from "./turns.ts";

type Block = Anthropic.ContentBlockParam;

const cached = { type: "ephemeral" } as const;
/** How many of the latest turns get a mark. With the system text's that is three of the four that a call may have. */
const marks = 2;

/** The system text, marked so that it is cached together with the tools, which stand before it. */
export function cachedSystem(text: string): Anthropic.TextBlockParam[] {
  return text === "" ? [] : [{ type: "text", text, cache_control: cached }];
}

/**
 * A conversation in Anthropic's form: user and assistant take turns, and the latest turns of the user are marked, so that
 * the next call finds all before them in the cache.
 */
export function turnsOf(messages: readonly Message[], maker: string): Anthropic.MessageParam[] {
  const turns = takeTurns(messages, (message) => contentOf(message, maker));
  for (const turn of latestOfUser(turns, marks)) {
    const last = turn.content.pop();
    if (last !== undefined) turn.content.push({ ...last, cache_control: cached } as Block);
  }
  return turns;
}

function contentOf(message: Message, maker: string): Block[] {
  if (message.role === "user") return textOf(message.text);
  if (message.role === "results") {
    return message.results.map(({ id, text, failed }) => ({
      type: "tool_result",
      tool_use_id: id,
      content: text,
      is_error: failed,
    }));
  }
  const native = keptNative(maker, message);
  if (Array.isArray(native)) return native as Block[];
  const calls = message.calls.map(
    ({ id, name, input }): Block => ({
      type: "tool_use",
      id,
      name,
      input: givenBack(input),
    }),
  );
  return [...textOf(message.text), ...calls];
}

/** The API refuses blocks of text without text. */
function textOf(text: string): Block[] {
  return text.trim() === "" ? [] : [{ type: "text", text }];
}
