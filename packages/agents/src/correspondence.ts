import type { Memo } from "@memomesh/core";
import type { SessionContext } from "./agent.ts";

/**
 * The answers to what earlier sessions asked about this memo, the oldest first.
 *
 * Only the one who wrote the memo and the operator are asked; what somebody else sends as an answer is none.
 */
export function answersTo({ memo, thread }: Pick<SessionContext, "memo" | "thread">): readonly Memo[] {
  const { question, answers = [], from } = memo.header;
  return thread.filter(({ header }) => {
    const wanted = (header.re !== undefined && header.re === question) || answers.includes(header.id ?? "");
    return wanted && [from ?? "operator", "operator"].includes(header.from ?? "operator");
  });
}

/** How often earlier sessions have asked about this memo. */
export function questionsAsked({ header }: Memo): number {
  return (header.answers?.length ?? 0) + (header.question === undefined ? 0 : 1);
}

/** Who wrote the memo: a node, or the operator. */
export function senderOf(memo: Memo): string {
  return memo.header.from ?? "operator";
}

/** Whether the node may send a memo to another one. */
export function mayWriteTo({ node }: Pick<SessionContext, "node">, recipient: string): boolean {
  return recipient === "operator" || node.send.includes("*") || node.send.includes(recipient);
}
