import { isDeepStrictEqual } from "node:util";
import type { JournalEntry } from "../agent.ts";
import type { Message } from "../model.ts";
import type { Hands } from "./hands.ts";

/**
 * The conversation that an earlier session has left, when it began with the same words; the longest when there are several.
 *
 * @param start digest of all that the model was told before it
 */
export function earlierConversation(earlier: readonly JournalEntry[], start: string): readonly Message[] {
  const conversations: { readonly start: string; readonly messages: Message[] }[] = [];
  for (const entry of earlier) {
    if (entry.kind === "opened") conversations.push({ start: entry.start, messages: [] });
    if (entry.kind === "message") conversations.at(-1)?.messages.push(entry.message);
  }
  return conversations
    .filter((each) => each.start === start)
    .map(({ messages }) => messages)
    .reduce<readonly Message[]>((longest, messages) => (messages.length > longest.length ? messages : longest), []);
}

/**
 * Does again what was done in a conversation, so that the desk is as it was. Nothing outside of it is touched.
 *
 * @returns whether everything came out as it was recorded; if not, what the model has seen is no longer so
 */
export async function replay(messages: readonly Message[], hands: Hands, signal: AbortSignal): Promise<boolean> {
  for (const [index, message] of messages.entries()) {
    if (message.role !== "results") continue;
    const before = messages[index - 1];
    if (before?.role !== "assistant") return false;
    const results = await hands.use(before.calls, () => {}, signal);
    if (!isDeepStrictEqual([...results], [...message.results])) return false;
  }
  return true;
}
