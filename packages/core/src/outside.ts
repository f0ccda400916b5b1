import type { MemoHeader } from "./memo.ts";

/**
 * Whether a memo brings words from outside of the mesh: it is an alert, or its header says `origin: outside`. Whoever
 * has read it may have been told what to do by a stranger.
 */
export function isFromOutside({ type, origin }: Pick<MemoHeader, "type" | "origin">): boolean {
  return type === "alert" || origin === "outside";
}

/**
 * Whether a session that has read words from outside may write to somebody by itself: to the operator, and back to the
 * node whose memo it works on. Anybody else is a third.
 */
export function isThird(recipient: string, { from = "operator" }: Pick<MemoHeader, "from">): boolean {
  return recipient !== "operator" && recipient !== from;
}
