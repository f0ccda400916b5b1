import type { Memo } from "@memomesh/core";
import { safeText } from "@memomesh/guard";
import { senderOf } from "../correspondence.ts";
import { plain } from "../quote.ts";
import { fitted } from "../session/assemble.ts";
import { boundaryFor } from "../session/marked.ts";
import { type DraftPart, fixedPart, type PartFrame, textPart, textsPart } from "../session/part.ts";
import type { OpinionQuestion } from "./question.ts";

const whole = Number.POSITIVE_INFINITY;

/**
 * What a reviewer is shown, within a budget of estimated tokens: files are cut first, then the memo; the runbook never is.
 * The same question gives the same text.
 */
export function questionText(question: OpinionQuestion, budgetTokens: number): string {
  const parts = fitted(draftsOf(question), budgetTokens);
  const texts = parts.map(({ text }) => text).filter((text) => text !== "");
  return texts.join("\n\n");
}

function draftsOf(question: OpinionQuestion): readonly DraftPart[] {
  const { runbook, memo, notes, unknown, files } = question;
  const boundary = boundaryFor([
    memo?.source ?? "",
    runbook.source,
    notes,
    ...unknown,
    ...files.map(({ source }) => source),
  ]);
  const part = (name: string, origin: string, heading: string, floors: PartFrame["floors"]): PartFrame => ({
    ...{ name, origin, heading, boundary },
    ...(floors === undefined ? {} : { floors }),
  });
  const told = [notes, ...unknown.map((each) => `- not known: ${each}`)].join("\n");
  return [
    fixedPart("review", "the mesh", opening(question, boundary)),
    textPart(
      part("runbook", runbook.file, "# The runbook to review", [whole, whole, whole]),
      runbook.source,
      "beginning",
    ),
    ...(memo === undefined ? [] : [memoPart(memo, part)]),
    textPart(part("notes", "the author's notes", "# What its author says", [2000, 500, 200]), told, "beginning"),
    textsPart(
      part("files", "files of the same session", "# Files that its author wrote with it", undefined),
      files.map(({ file, source }) => ({ origin: file, source })),
    ),
    fixedPart("task", "the mesh", "# Your task\n\nReview the runbook above, and report."),
  ];
}

function memoPart(
  memo: Memo,
  part: (name: string, origin: string, heading: string, floors: PartFrame["floors"]) => PartFrame,
): DraftPart {
  const { id = "without id", subject } = memo.header;
  return textPart(
    part("memo", `memo ${id} from ${senderOf(memo)}`, "# The memo that asks for it", [4000, 1000, 400]),
    `Subject: ${subject}\n\n${memo.body.trim()}`,
    "both ends",
  );
}

function opening({ runbook, node, targets }: OpinionQuestion, boundary: string): string {
  const places = Object.entries(targets).map(([name, { kind, production, path, env }]) => {
    const variables = env.length === 0 ? "" : `; its steps have ${env.join(", ")}`;
    return `- ${name}: ${kind}, folder ${plain(path)}${production ? ", PRODUCTION" : ""}${variables}`;
  });
  return [
    `The boundary of this review is ${boundary}.`,
    `The runbook was written at the node ${node.id} (role: ${plain(node.role)}), whose folder is "$MESH/${node.path}". It is for the target ${safeText(runbook.target)} and has ${runbook.steps.length} steps.`,
    "",
    "# Targets",
    "",
    ...places,
  ].join("\n");
}
