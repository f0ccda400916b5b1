import type { Changeset, OutgoingMemo } from "@memomesh/core";
import { readBody } from "@memomesh/core/markdown";
import { stringify } from "yaml";
import type { SessionContext } from "../agent.ts";
import { answersTo, mayWriteTo, senderOf } from "../correspondence.ts";
import { plain, quoted, quotedList } from "../quote.ts";
import { changesetOf, shortId } from "../result.ts";
import { type AskedFields, readAnswered, readAskedFields } from "./asked-fields.ts";
import { readProjectFacts } from "./project-facts.ts";
import { ask } from "./question.ts";

/** What can be said in answer to a question. */
interface Findings {
  readonly known: Readonly<Record<string, unknown>>;
  readonly sources: readonly string[];
  readonly missing: readonly string[];
  /** Sentences about why something is missing. */
  readonly reasons: readonly string[];
  /** What the operator wrote when they were asked. */
  readonly words: readonly string[];
}

/**
 * Answers a question from what the node's own project states. What it does not state is asked of the operator, whose
 * answer is then passed on; nothing is guessed.
 */
export async function answerQuestion(agent: string, context: SessionContext): Promise<Changeset> {
  const asked = readAskedFields(context.body);
  const findings = await find(context, asked);
  const { known, missing, words } = findings;
  const asker = senderOf(context.memo);
  const complete = asked !== undefined && missing.length === 0;
  if (!complete && words.length === 0 && asker !== "operator") return passOn(agent, context, asked, findings);
  const answer = answerMemo(context, asked, findings);
  const recipient = answer.to.join(", ");
  const told = Object.keys(known).length === 0 ? "what the operator wrote" : quotedList(Object.keys(known));
  const notes =
    complete || words.length > 0
      ? `Answered ${recipient}: ${told}.`
      : `Told ${recipient} that this project does not state it.`;
  return changesetOf(agent, context, {
    memos: [answer],
    outcome: { kind: "done", notes, done: [], unknown: findings.reasons },
    progress: `answered ${quoted(context.memo.header.subject)} of ${asker}`,
    handover: `the question of ${asker} was answered; nothing of it is open here.`,
  });
}

async function find(context: SessionContext, asked: AskedFields | undefined): Promise<Findings> {
  const fields = asked?.fields ?? [];
  const project =
    asked === undefined ? { facts: {}, sources: [], conflicts: {} } : await readProjectFacts(context.files, asked.app);
  const known: Record<string, unknown> = {};
  for (const field of fields) if (Object.hasOwn(project.facts, field)) known[field] = project.facts[field];
  const sources = Object.keys(known).length > 0 ? project.sources.map((path) => quoted(path)) : [];
  const words: string[] = [];
  for (const answer of answersTo(context)) {
    const wanted = fields.filter((field) => !Object.hasOwn(known, field));
    const answered = readAnswered(answer, readBody(answer), wanted);
    Object.assign(known, answered);
    words.push(answer.body.replace(/^\s*# .*/, "").trim());
    if (Object.keys(answered).length > 0) sources.push("the operator");
  }
  const missing = fields.filter((field) => !Object.hasOwn(known, field));
  const conflicts: Readonly<Record<string, string>> = project.conflicts;
  const reasons = missing.map((field) => `The ${field}: ${conflicts[field] ?? "no file of this project states it"}.`);
  return { known, sources: [...new Set(sources)], missing, reasons, words };
}

function passOn(agent: string, context: SessionContext, asked: AskedFields | undefined, findings: Findings): Changeset {
  const { memo } = context;
  const asker = senderOf(memo);
  const block =
    asked === undefined
      ? ""
      : `\`\`\`yaml question\n${stringify({ ...(asked.app === undefined ? {} : { app: plain(asked.app) }), fields: findings.missing })}\`\`\``;
  const body = [
    `${asker} asks ${quoted(memo.header.subject)} (memo ${shortId(memo)}), and I cannot answer all of it from the files of this project:`,
    findings.reasons.map((reason) => `- ${reason}`).join("\n") ||
      "- The question has no `yaml question` block, so I cannot tell what is wanted.",
    block,
    asked === undefined ? quotation(memo.body) : "",
    `What you answer is passed on to ${asker}.`,
  ].filter((part) => part !== "");
  const why = findings.reasons.join(" ") || "The question is in prose, which the offline agent cannot answer.";
  return ask(agent, context, { to: "operator", body: body.join("\n\n"), why });
}

function answerMemo(context: SessionContext, asked: AskedFields | undefined, findings: Findings): OutgoingMemo {
  const { memo, node } = context;
  const { known, sources, missing, reasons, words } = findings;
  const asker = senderOf(memo);
  const reachable = mayWriteTo(context, asker);
  const block =
    Object.keys(known).length === 0
      ? ""
      : `From ${sources.join(", ")}.\n\n\`\`\`yaml answer\n${stringify(inOrder(known, asked))}\`\`\``;
  const body = [
    reachable ? "" : `I may not write to ${asker}, who asked this; please pass it on.`,
    block,
    (missing.length > 0 || asked === undefined) && words.length > 0
      ? `The operator of ${node.id} wrote:\n\n${words.map(quotation).join("\n\n")}`
      : "",
    reasons.length > 0 ? `Not known:\n\n${reasons.map((reason) => `- ${reason}`).join("\n")}` : "",
    asked === undefined && words.length === 0
      ? "The offline agent answers only what a `yaml question` block asks for, from the files of its project."
      : "",
  ].filter((part) => part !== "");
  return {
    to: [reachable ? asker : "operator"],
    subject: `Answer: ${plain(memo.header.subject.replace(/^(?:Question about: )+/, ""), 80)}`,
    type: "answer",
    priority: memo.header.priority,
    body: body.join("\n\n"),
  };
}

function inOrder(known: Readonly<Record<string, unknown>>, asked: AskedFields | undefined): Record<string, unknown> {
  return Object.fromEntries(
    (asked?.fields ?? []).filter((field) => Object.hasOwn(known, field)).map((field) => [field, known[field]]),
  );
}

/** Somebody's Markdown as a quotation, line by line: it opens no heading and no block of its own. */
function quotation(markdown: string): string {
  const lines = markdown.trim().split(/\r?\n/).slice(0, 60);
  return lines.map((line) => `> ${plain(line, 400)}`.trimEnd()).join("\n");
}
