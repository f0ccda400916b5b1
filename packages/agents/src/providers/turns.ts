import type { Message } from "../model.ts";

/** What one side of a conversation says until the other one speaks. */
export interface Turn<Block> {
  readonly role: "user" | "assistant";
  readonly content: Block[];
}

/** A conversation for vendors who want user and assistant to take turns: what one side says in several messages is one turn. */
export function takeTurns<Block>(
  messages: readonly Message[],
  contentOf: (message: Message) => readonly Block[],
): Turn<Block>[] {
  const turns: Turn<Block>[] = [];
  for (const message of messages) {
    const role = message.role === "assistant" ? "assistant" : "user";
    const content = contentOf(message);
    const last = turns.at(-1);
    if (last?.role === role) last.content.push(...content);
    else if (content.length > 0) turns.push({ role, content: [...content] });
  }
  return turns;
}

/** The latest turns of the user, as many as are asked for. */
export function latestOfUser<Block>(turns: readonly Turn<Block>[], count: number): Turn<Block>[] {
  return turns.filter(({ role }) => role === "user").slice(-count);
}
