import type { Changeset } from "@memomesh/core";
import type { SessionContext } from "../agent.ts";
import { answersTo, senderOf } from "../correspondence.ts";
import { plain, quoted } from "../quote.ts";
import { changesetOf, shortId } from "../result.ts";
import { ask } from "./question.ts";

const deployable =
  "A deployment I can prepare when all of it is said, for example: `deploy shop 1.4.2 from the image ghcr.io/acme/shop:1.4.2 to staging on port 8443`, or in a memo of `memomesh memo new --type deployment`.";

/**
 * A memo that the offline agent cannot work on. It does not pretend: it asks the operator, and closes the memo with the
 * operator's words, without a box ticked.
 */
export function leaveToOperator(agent: string, context: SessionContext): Changeset {
  const { memo, node, body } = context;
  const words = answersTo(context).map((answer) => plain(answer.body.replace(/^\s*# .*/, ""), 300));
  if (words.length > 0) {
    return changesetOf(agent, context, {
      outcome: {
        kind: "done",
        notes: `Nothing was done by the offline agent. The operator decided: ${words.map((each) => quoted(each, 300)).join(" ")}`,
        done: [],
        unknown: [],
      },
      progress: `closed ${quoted(memo.header.subject)} as the operator decided`,
      handover: `${quoted(memo.header.subject)} was closed as the operator decided; the offline agent did nothing about it.`,
    });
  }
  const type = memo.header.type ?? "memo without a type";
  const open = body.items.filter(({ done }) => !done).map(({ text }) => `- ${quoted(text, 200)}`);
  const text = [
    `${senderOf(memo)} sent ${quoted(memo.header.subject)} (memo ${shortId(memo)}, ${type}) to ${node.id}, and I cannot do it: the offline agent of a ${plain(node.role, 40)} does not work on this.`,
    ...(open.length > 0 ? [`It asks for:\n\n${open.join("\n")}`] : []),
    ...(node.role === "sysadmin" ? [deployable] : []),
    "Give the node another agent in node.yml, or do it by hand. Whatever you answer closes the memo here, with your words in its completion.",
  ].join("\n\n");
  return ask(agent, context, { to: "operator", body: text, why: `The offline agent cannot work on this (${type}).` });
}
