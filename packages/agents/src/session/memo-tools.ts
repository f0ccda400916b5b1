import { isThird, type OutgoingMemo, priorities } from "@memomesh/core";
import { maySend } from "@memomesh/guard";
import * as z from "zod";
import { senderOf } from "../correspondence.ts";
import type { Desk } from "./desk.ts";
import { proposed } from "./outside.ts";
import { refusal, tool } from "./tool.ts";

/** What a session sends by itself; a question is asked with `ask`, and alerts and stages do not come from sessions. */
const sendable = ["deployment", "ask", "answer", "review", "notice"] as const;

const priority = z
  .enum(priorities)
  .optional()
  .describe("How urgent it is for the recipient; that of the memo you work on when left out.");
const subject = z.string().min(1).describe("One line.");

export const sendMemo = tool({
  name: "send_memo",
  description:
    "Sends a memo to another node or to the operator (the person). It is delivered after the session. Use it to answer, to hand work over, or to propose what you may not do yourself.",
  schema: z.strictObject({
    to: z.array(z.string()).min(1).describe('Ids of nodes, or "operator".'),
    subject,
    type: z
      .enum(sendable)
      .describe("deployment: put something in place. ask: other work. answer, review, notice: as they say."),
    priority,
    body: z.string().min(1).describe("Markdown below the heading."),
    answers: z.boolean().optional().describe("Whether it answers the memo you work on; true when left out."),
  }),
  run(desk, { to, subject, type, priority, body, answers }) {
    const recipients = recipientsOf(desk, to);
    desk.send({
      ...memoOf(desk, recipients, { subject, priority, body }),
      type,
      ...(answers === undefined ? {} : { answers }),
    });
    const third = desk.outside ? recipients.filter((id) => isThird(id, desk.context.memo.header)) : [];
    const told = recipients.filter((id) => !third.includes(id));
    return [
      ...(told.length === 0 ? [] : [`The memo to ${told.join(", ")} is delivered when the session has ended.`]),
      ...(third.length === 0 ? [] : [`To ${third.join(", ")} it is not sent: ${proposed}`]),
    ].join(" ");
  },
});

export const ask = tool({
  name: "ask",
  description:
    "Asks a node or the operator what you have to know and cannot find out. The session ends here; the memo waits, and work on it starts again when the answer has arrived. Ask for everything at once.",
  schema: z.strictObject({
    to: z.string().describe('Id of the node that knows it, or "operator".'),
    subject: z.string().min(1).optional().describe("One line; made from the memo's subject when left out."),
    question: z
      .string()
      .min(1)
      .describe("Markdown: what you want to know, what you already know, and why it is needed."),
    notes: z.string().min(1).optional().describe("What was found out so far, for whoever goes on with the memo."),
  }),
  run(desk, { to, subject, question, notes }) {
    const { memo } = desk.context;
    const [recipient = ""] = recipientsOf(desk, [to]);
    if (desk.outside && isThird(recipient, memo.header)) {
      const sentence = `${recipient} is not asked, because this session has read words from outside of the mesh. Ask ${senderOf(memo)} or the operator.`;
      throw refusal("ask", sentence);
    }
    const about = subject ?? `Question about: ${memo.header.subject.replace(/^(?:Question about: )+/, "")}`;
    if (desk.handover === undefined) desk.report({ handover: `${recipient} was asked. ${notes ?? question}` });
    const lost = desk.runbook === undefined ? "" : " The runbook drafted so far was not kept.";
    desk.end({
      kind: "asked",
      notes: `${notes ?? `Asked ${recipient}.`}${lost}`,
      question: { ...memoOf(desk, [recipient], { subject: about, body: question }), type: "question" },
    });
    return `${recipient} is asked. The session has ended.`;
  },
});

/**
 * @throws MeshError `session.send` when one of them is not there or may not be written to
 */
function recipientsOf({ context }: Desk, to: readonly string[]): readonly string[] {
  const { node, nodes } = context;
  const wanted = [...new Set(to.map((id) => id.trim().toLowerCase()))];
  const may = (id: string) => maySend({ id: node.id, grants: { send: node.send, read: [] } }, id);
  const known = ["operator", ...nodes.map(({ id }) => id).filter((id) => id !== "operator" && may(id).allowed)];
  for (const id of wanted) {
    const decision = may(id);
    if (!decision.allowed) throw refusal("send", `Not sent: ${decision.reason}`);
    if (!known.includes(id))
      throw refusal("send", `Not sent: there is no node "${id}"; you may write to ${known.join(", ")}.`);
  }
  return wanted;
}

function memoOf(
  { context }: Desk,
  to: readonly string[],
  {
    subject,
    priority,
    body,
  }: { readonly subject: string; readonly priority?: OutgoingMemo["priority"] | undefined; readonly body: string },
): Omit<OutgoingMemo, "type"> {
  return { to, subject: subject.replace(/\s+/g, " ").trim(), priority: priority ?? context.memo.header.priority, body };
}
