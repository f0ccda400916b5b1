import type { Changeset, Deployment, OutgoingMemo } from "@memomesh/core";
import { stringify } from "yaml";
import type { SessionContext } from "../agent.ts";
import { mayWriteTo, questionsAsked, senderOf } from "../correspondence.ts";
import { plain, quoted } from "../quote.ts";
import { changesetOf, shortId } from "../result.ts";
import { fits } from "./fitness.ts";
import type { Lack } from "./release.ts";

/** How often the sender is asked before the operator is, and how often the operator is before the agent gives up. */
const patience = 2;

/**
 * Ends a session with a question about what is missing. The one who wrote the memo is asked first, the operator when
 * only they can know it or when asking did not help; after that nothing is left but to decline.
 */
export function askForFacts(
  agent: string,
  context: SessionContext,
  lacks: readonly Lack[],
  facts: Deployment,
): Changeset {
  const { memo } = context;
  const asked = questionsAsked(memo);
  const sender = senderOf(memo);
  const known = lacks.filter(({ whom }) => whom === "sender");
  const toSender = known.length > 0 && asked < patience && mayWriteTo(context, sender);
  const sentences = lacks.map(({ sentence }) => sentence);
  if (asked >= 2 * patience) return declineUnanswered(agent, context, sentences);
  const wanted = toSender ? known : lacks;
  const body = [
    `I was asked to work on ${quoted(memo.header.subject)} (memo ${shortId(memo)}) and cannot go on without knowing more:`,
    wanted.map(({ sentence }) => `- ${sentence}`).join("\n"),
    factsBlock(wanted, facts),
  ].join("\n\n");
  return ask(agent, context, { to: toSender ? sender : "operator", body, why: sentences.join(" ") });
}

/** Ends a session with a question; the memo is worked on again when the answer arrives. */
export function ask(
  agent: string,
  context: SessionContext,
  { to, body, why }: { readonly to: string; readonly body: string; readonly why: string },
): Changeset {
  const { memo } = context;
  const question: OutgoingMemo = {
    to: [to],
    subject: `Question about: ${plain(memo.header.subject.replace(/^(?:Question about: )+/, ""), 80)}`,
    type: "question",
    priority: memo.header.priority,
    body,
  };
  return changesetOf(agent, context, {
    outcome: { kind: "asked", notes: `Asked ${to}. ${why}`, question },
    status: `Waiting for an answer of ${to} about memo ${shortId(memo)}.`,
    progress: `asked ${to} about ${quoted(memo.header.subject)}`,
    handover: `${quoted(memo.header.subject)} waits for an answer of ${to}. ${why}`,
  });
}

function declineUnanswered(agent: string, context: SessionContext, sentences: readonly string[]): Changeset {
  const { memo } = context;
  const notes = `Nothing was prepared: after ${2 * patience} questions it is still not known what is needed. ${sentences.join(" ")}`;
  return changesetOf(agent, context, {
    outcome: { kind: "declined", notes },
    status: `Declined memo ${shortId(memo)}: what it needs could not be found out.`,
    progress: `declined ${quoted(memo.header.subject)}: what it needs could not be found out`,
    handover: notes,
  });
}

/** What tools read of a question: the facts that are wanted, and of which app. */
function factsBlock(lacks: readonly Lack[], { app }: Deployment): string {
  const fields = [...new Set(lacks.flatMap(({ field }) => field ?? []))];
  if (fields.length === 0) return "Please answer when that is settled; I then try again.";
  const block = stringify({
    ...(app !== undefined && fits("app", app) && !fields.includes("app") ? { app } : {}),
    fields,
  });
  const example = fields.map((field) => `\`- ${field}: …\``).join(", ");
  return `\`\`\`yaml question\n${block}\`\`\`\n\nPlease answer with a \`yaml answer\` block or with list items such as ${example}.`;
}
