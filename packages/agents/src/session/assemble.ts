import type { SessionKnowledge, SessionLimits } from "../agent.ts";
import { draftParts } from "./context-parts.ts";
import type { ContextPart, DraftPart } from "./part.ts";
import { systemPrompt } from "./system-prompt.ts";
import { estimateTokens } from "./tokens.ts";

export type { ContextItem, ContextPart } from "./part.ts";

/** What a model is told before the conversation begins. */
export interface AssembledContext {
  /** The rules: the same for all sessions, so that vendors can cache them. */
  readonly system: string;
  /** In the order in which they are sent. Those with an empty text are not. */
  readonly parts: readonly ContextPart[];
  /** The first message: the texts of the parts. */
  readonly prompt: string;
}

/** Calls that a session should be able to make before its tokens are used up by what it is told at the beginning. */
const fewestCalls = 20;
const smallestBudget = 8000;

/**
 * How much of a session's beginning is worth its tokens: they are paid for with every call. At most half of what the model
 * can read, so that there is room for the conversation.
 */
export function contextBudget(contextTokens: number, { tokens }: Pick<SessionLimits, "tokens">): number {
  return Math.floor(Math.min(contextTokens / 2, Math.max(tokens / fewestCalls, smallestBudget)));
}

/**
 * Gathers what a session should know, within a budget. When it does not fit, the parts that stand later are cut first; the
 * memo and what a runbook must name are cut last. The same context gives the same text, so that a session can be continued.
 *
 * @param budgetTokens for `system` and `prompt` together, estimated as {@link estimateTokens} does it
 */
export async function assembleContext(context: SessionKnowledge, budgetTokens: number): Promise<AssembledContext> {
  const drafts = await draftParts(context);
  const parts = fitted(drafts, budgetTokens - estimateTokens(systemPrompt));
  const prompt = parts
    .filter(({ text }) => text !== "")
    .map(({ text }) => text)
    .join("\n\n");
  return { system: systemPrompt, parts, prompt };
}

/** The drafts in at most so many tokens, cut from the last one on, round by round down to their floors. */
export function fitted(drafts: readonly DraftPart[], budget: number): readonly ContextPart[] {
  const parts = drafts.map((draft) => partOf(draft, Number.POSITIVE_INFINITY));
  for (const round of [0, 1, 2] as const) {
    for (const [index, draft] of [...drafts.entries()].reverse()) {
      const { tokens } = parts[index] as ContextPart;
      const over = parts.reduce((sum, part) => sum + part.tokens, 0) - budget;
      const target = Math.max(draft.floors[round], tokens - over);
      if (over > 0 && target < tokens) parts[index] = partOf(draft, target);
    }
  }
  return parts;
}

function partOf(draft: DraftPart, room: number): ContextPart {
  const { name, origin } = draft;
  const fit = draft.fit(room);
  return { name, origin, tokens: estimateTokens(fit.text), ...fit };
}
