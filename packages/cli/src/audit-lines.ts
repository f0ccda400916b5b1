import type { AuditProblem, ExecutedStep, NodeAudit } from "@memomesh/mesh/audit";
import { shownTime } from "./here.ts";
import { paint, type Text, text } from "./text.ts";

/** The audit of a node: how far its trail reaches, each executed step with who approved it, and what does not fit. Nothing for a node at which nothing happened. */
export function auditLines({ node, file, head, anchors, entries, steps, problems, notes }: NodeAudit): Text[] {
  if (head.n === 0 && problems.length === 0 && notes.length === 0) return [];
  const counts = Object.entries(entries).map(([type, count]) => `${count} ${type}`);
  return [
    text`${paint("bold", node)}  ${file}: ${head.n} entries, named by ${anchors} commits`,
    ...(counts.length === 0 ? [] : [text`  ${paint("dim", counts.join(", "))}`]),
    ...(head.n === 0 ? [] : [text`  ${paint("dim", `head ${head.n} ${head.hash}`)}`]),
    ...steps.flatMap(stepLines),
    ...problems.map((problem) => text`  ${paint("red", "error")}  ${placed(problem)}`),
    ...notes.map((note) => text`  ${paint("yellow", "note ")}  ${placed(note)}`),
  ];
}

function stepLines({ runbook, step, action, target, at, digest, approvals, end, problems }: ExecutedStep): Text[] {
  const word = problems.length === 0 ? paint("green", "proven") : paint("red", "not proven");
  const what = action === "run" ? `step ${step}` : `undo of step ${step}`;
  const ended = end ?? "nothing tells how it ended";
  return [
    text`  ${word}  ${shownTime(at)}  ${what} of ${runbook} on ${target}: ${ended}`,
    text`          ${paint("dim", digest)}`,
    ...approvals.map(({ by, at: when, how, signed }) => {
      return text`          approved by ${by.name} <${by.email}> ${shownTime(when)} (${how}${signed ? ", signed" : ""})`;
    }),
    ...problems.map((problem) => text`          ${paint("red", "error")}  ${problem}`),
  ];
}

function placed({ file, line, sentence }: AuditProblem): string {
  return `${line === undefined ? file : `${file}:${line}`}: ${sentence}`;
}
