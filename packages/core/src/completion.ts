import { readBody, tickItem } from "./body.ts";
import type { SessionUsage } from "./changeset.ts";
import { closingOf, contained } from "./contained.ts";
import { lineEndOf } from "./line.ts";
import type { Memo } from "./memo.ts";
import { usageText } from "./usage-text.ts";

/** How a memo was completed. */
export interface Completion {
  /** The node. */
  readonly by: string;
  readonly agent?: string;
  readonly model?: string;
  /** ISO 8601. */
  readonly at: string;
  /** Markdown. */
  readonly notes: string;
  /** Indices of the action items that were done. */
  readonly done: readonly number[];
  /** Path of the runbook in the node's folder. */
  readonly runbook?: string;
  readonly commits?: readonly string[];
  /** What could not be found out. */
  readonly unknown?: readonly string[];
  readonly usage?: SessionUsage;
}

/**
 * The memo's text with what was done: the boxes ticked, one byte each, and the completion written below `## Completion`,
 * which is added when it is missing. What stands there already is kept, and so is every other byte.
 */
export function completeMemo(memo: Memo, completion: Completion): string {
  const { items, sections } = readBody(memo);
  const done = items.filter(({ index }) => completion.done.includes(index));
  const source = done.reduce((text, item) => tickItem(text, item), memo.source);
  const lineEnd = lineEndOf(memo.source);
  const section = sections.findLast(({ heading }) => /^completion:?$/i.test(heading));
  const end = section?.end ?? source.length;
  const before = source.slice(0, end);
  const after = source.slice(end);
  const closing = section === undefined || after === "" ? closingOf(memo.body) : "";
  const heading = section === undefined ? "## Completion\n\n" : "";
  const text = `${heading}${printCompletion(completion)}\n${after === "" ? "" : "\n"}`.replaceAll("\n", lineEnd);
  return before + closing.replace("\n", lineBreak(before, lineEnd)) + gap(before + closing, lineEnd) + text + after;
}

function lineBreak(before: string, lineEnd: string): string {
  return before.endsWith("\n") ? "" : lineEnd;
}

/** What is missing of one blank line. */
function gap(before: string, lineEnd: string): string {
  if (/\n[ \t]*\r?\n$/.test(before)) return "";
  return before.endsWith("\n") ? lineEnd : lineEnd + lineEnd;
}

function printCompletion(completion: Completion): string {
  const { by, agent, model, at, notes, runbook, commits = [], unknown = [], usage } = completion;
  const who = [agent === undefined ? "" : `agent ${agent}`, model === undefined ? "" : `model ${model}`];
  const hands = who.filter((each) => each !== "").join(", ");
  const paragraphs = [
    `**By:** ${by}${hands === "" ? "" : ` (${hands})`}, ${at}`,
    contained(notes),
    runbook === undefined ? "" : `**Runbook:** \`${runbook}\``,
    commits.length === 0 ? "" : `**Commits:** ${commits.join(", ")}`,
    unknown.length === 0 ? "" : `**Not known:**\n\n${unknown.map((each) => `- ${oneLine(each)}`).join("\n")}`,
    usage === undefined ? "" : `**Used:** ${usageText(usage)}`,
  ];
  return paragraphs.filter((paragraph) => paragraph !== "").join("\n\n");
}

function oneLine(text: string): string {
  return text.replace(/\s+/g, " ").trim();
}
