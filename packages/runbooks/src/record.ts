import { basename } from "node:path";
import { fenceMarks, type Runbook } from "@memomesh/core";
import { safeText } from "@memomesh/guard";
import { replaceDurably } from "./durable.ts";
import { endText } from "./end-text.ts";
import type { JournalEvent, Person, Phase } from "./event.ts";
import { overrideText } from "./gate-rule.ts";
import { type Journal, readJournal } from "./journal.ts";
import { recordFile } from "./layout.ts";
import { runbookProgress } from "./progress.ts";
import type { ReviewedRunbook } from "./snapshot.ts";
import { stateWord } from "./state-word.ts";
import { standing, stepStates } from "./step-state.ts";

/** Prints the record of a runbook anew from its journal and puts it beside the runbook. */
export async function writeRecord({ path, runbook, journal }: ReviewedRunbook): Promise<void> {
  await replaceDurably(recordFile(path), printRecord(runbook, await readJournal(journal.file)));
}

/** The record of a runbook for people: how its steps stand, and what happened, in Markdown. */
export function printRecord(runbook: Runbook, { file, events, torn }: Journal): string {
  const memo = runbook.memo === undefined ? "" : `, for memo \`${runbook.memo}\``;
  const { state, fulfilled, total } = runbookProgress(events, runbook);
  return [
    `# Record: ${inline(runbook.title)}`,
    `Runbook ${code(basename(runbook.file))} (${code(runbook.id)})${memo}, target ${code(runbook.target)}. ` +
      `Printed from ${code(basename(file))}; edits here are lost.`,
    `**${state}**: ${fulfilled} of ${total} steps in place.`,
    stepTable(runbook, events),
    "## What happened",
    ...torn.map((sentence) => `- ${inline(sentence)}`),
    ...events.map((event) => `- ${code(event.at)} ${eventText(event)}`),
    "",
  ].join("\n\n");
}

function stepTable({ steps }: Runbook, events: readonly JournalEvent[]): string {
  const states = stepStates(events);
  const rows = steps.map(({ number, title }) => {
    const state = standing(states.get(number) ?? { state: "pending" });
    const by = "by" in state ? person(state.by) : "";
    return `| ${number} | ${inline(title)} | ${stateWord(state)} | ${by} | ${"at" in state ? code(state.at) : ""} |`;
  });
  return ["| step | title | state | decided by | when |", "|---|---|---|---|---|", ...rows].join("\n");
}

const phaseWords: Readonly<Record<Phase, string>> = { run: "Step", check: "Check of step", undo: "Undo of step" };

function eventText(event: JournalEvent): string {
  switch (event.type) {
    case "reviewed":
      return `${person(event.by)} reviewed ${event.steps.length} steps, source ${code(event.source)}.`;
    case "approved": {
      const { overridden } = event;
      const override = overridden === undefined ? "" : ` Against the gate: ${inline(overrideText(overridden))}`;
      const what = event.action === "run" ? `step ${event.step}` : `the undo of step ${event.step}`;
      return `${person(event.by)} approved ${what} (${inline(event.how)}), digest ${code(event.digest)}, approval ${code(event.approval)}.${override}`;
    }
    case "withdrawn":
      return `${person(event.by)} withdrew the approval of ${event.action === "run" ? "step" : "the undo of step"} ${event.step}.`;
    case "started": {
      const { phase, step, target, digest, by } = event;
      return `${phaseWords[phase]} ${step} started on ${code(target)} for ${person(by)}, digest ${code(digest)}.`;
    }
    case "spawned":
      return `${phaseWords[event.phase]} ${event.step} runs as process ${event.pid}.`;
    case "host-started":
      return `${phaseWords[event.phase]} ${event.step} began on ${code(event.host)}.`;
    case "host-finished":
      return `${phaseWords[event.phase]} ${event.step} on ${code(event.host)}: ${inline(endText(event.end))}.`;
    case "finished":
      return finishedText(event);
    case "by-hand": {
      const remark = event.note === undefined ? "" : `: ${inline(event.note)}`;
      const did = event.action === "undo" ? "undid" : "did";
      return `${person(event.by)} ${did} step ${event.step} by hand, digest ${code(event.digest)}${remark}`;
    }
    case "skipped":
      return `${person(event.by)} skipped step ${event.step}: ${inline(event.reason)}`;
    case "edited":
      return `${person(event.by)} edited the runbook, from ${code(event.from)} to ${code(event.to)}.`;
    case "kept":
      return `The runbook's file was changed after it was shown; the text that was approved, source ${code(event.source)}, is kept in the journal.`;
    case "stopped":
      return `${person(event.by)} stopped${event.reason === undefined ? "." : `: ${inline(event.reason)}`}`;
  }
}

function finishedText(event: Extract<JournalEvent, { type: "finished" }>): string {
  const { phase, step, end, milliseconds, output, leftovers } = event;
  const seconds = (milliseconds / 1000).toFixed(1);
  const left = leftovers ? " Processes that it left behind were ended." : "";
  const head = `${phaseWords[phase]} ${step}: ${inline(endText(end))}, after ${seconds} s.${left}`;
  return output.trim() === "" ? head : `${head}\n\n${indent(fence(output))}`;
}

function fence(text: string): string {
  const marks = fenceMarks(text);
  return `${marks}text\n${safeText(text, { newlines: true }).replace(/\n+$/, "")}\n${marks}`;
}

/** As part of the list item above it. */
function indent(text: string): string {
  return text.replace(/^/gm, "  ");
}

function person({ name, email }: Person): string {
  return `${inline(name)} (${code(email)})`;
}

/** Text of others on one line, in which no character is Markdown. */
function inline(text: string): string {
  return safeText(text).replace(/[\\`*_{}[\]<>()#+\-!|~&]/g, "\\$&");
}

function code(text: string): string {
  return `\`${safeText(text).replaceAll("`", "'")}\``;
}
