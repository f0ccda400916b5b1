import { readFile } from "node:fs/promises";
import { basename, relative } from "node:path";
import { MeshError, type Runbook, type Step, sha256 } from "@memomesh/core";
import { parseOpinion, parseRunbook } from "@memomesh/core/markdown";
import {
  endText,
  type JournalEvent,
  journalFile,
  opinionFile,
  readJournal,
  runbookProgress,
  standing,
  stateWord,
  stepStates,
} from "@memomesh/runbooks";
import { textOf } from "../create.ts";
import type { Mesh } from "../load.ts";
import type { RunbookFile } from "../runbook-files.ts";
import { nameText } from "./decision.ts";

/** Who approved a step. */
export interface ApprovalTold {
  readonly by: string;
  /** ISO 8601. */
  readonly at: string;
  /** Of the bytes that were approved. */
  readonly digest: string;
  readonly action: "run" | "undo";
}

/** A step, and what became of it. */
export interface StepTold {
  readonly number: number;
  readonly title: string;
  readonly line: number;
  readonly state: string;
  readonly approvals: readonly ApprovalTold[];
  /** What ran, who did it by hand or skipped it, and how it ended; the oldest first, with times. */
  readonly events: readonly string[];
  /** Whether the story is about it, or about something that it names. */
  readonly concerned: boolean;
}

/** What a second agent thought of a runbook. */
export interface OpinionTold {
  readonly agent: string;
  readonly model: string | undefined;
  readonly verdict: string;
  readonly reasons: string;
  /** It was about an earlier text. */
  readonly stale: boolean;
}

export interface RunbookTold {
  readonly title: string;
  /** Relative to the mesh's root. */
  readonly file: string;
  readonly node: string;
  readonly target: string;
  readonly memo: string | undefined;
  /** Score of the quality gate. */
  readonly gate: number | undefined;
  readonly opinion: OpinionTold | undefined;
  readonly state: string;
  readonly steps: readonly StepTold[];
}

/**
 * Reads a runbook with all that was thought, decided and done about it.
 *
 * @param concerns whether a step is what the story is about, or does something to it
 * @returns undefined when it is gone, or cannot be read
 */
export async function toldRunbook(
  mesh: Mesh,
  { node, path }: RunbookFile,
  concerns: (step: Step) => boolean,
): Promise<RunbookTold | undefined> {
  const source = await textOf(path);
  if (source === undefined) return undefined;
  try {
    const runbook = parseRunbook(source, basename(path));
    const { events } = await readJournal(journalFile(path));
    const states = stepStates(events);
    const { title, target, memo, gate, steps } = runbook;
    return {
      title,
      target,
      memo,
      gate,
      file: relative(mesh.root, path),
      node: node.id,
      opinion: await toldOpinion(path, runbook),
      state: runbookProgress(events, runbook).state,
      steps: steps.map((step) => ({
        number: step.number,
        title: step.title,
        line: step.line,
        state: stateWord(standing(states.get(step.number) ?? { state: "pending" })),
        approvals: approvalsOf(events, step.number),
        events: stepEvents(events, step.number),
        concerned: concerns(step),
      })),
    };
  } catch (error) {
    if (error instanceof MeshError) return undefined;
    throw error;
  }
}

/** What happened to a step, the oldest first, each with its time. Pure. */
export function stepEvents(events: readonly JournalEvent[], step: number): string[] {
  return events.flatMap((event) => ("step" in event && event.step === step ? eventText(event) : []));
}

function approvalsOf(events: readonly JournalEvent[], step: number): ApprovalTold[] {
  return events.flatMap((event) => {
    if (event.type !== "approved" || event.step !== step) return [];
    return [{ by: nameText(event.by), at: event.at, digest: event.digest, action: event.action }];
  });
}

function eventText(event: JournalEvent): string[] {
  const said = (text: string) => [`${event.at} ${text}`];
  switch (event.type) {
    case "approved":
      return said(`${event.action} approved by ${nameText(event.by)} (${event.how})`);
    case "started":
      return said(`${event.phase} started at ${event.target} for ${nameText(event.by)}`);
    case "finished":
      return said(`${event.phase}: ${endText(event.end)}`);
    case "by-hand":
      return said(`done by hand by ${nameText(event.by)}${event.note === undefined ? "" : `: ${event.note}`}`);
    case "skipped":
      return said(`skipped by ${nameText(event.by)}: ${event.reason}`);
    default:
      return [];
  }
}

/** Whether a step names one of these things. */
export function stepNames({ title, prose, upload, run, check, undo }: Step, names: readonly string[]): boolean {
  const text = [title, prose, upload?.from, run?.text, check?.text, undo?.text].join("\n");
  return names.some((name) => holdsWord(text, name));
}

/** Whether a text has a word that is no part of a longer one: port 80 is not in 8080. */
export function holdsWord(text: string, word: string): boolean {
  for (let at = text.indexOf(word); at !== -1; at = text.indexOf(word, at + 1)) {
    const before = text[at - 1] ?? " ";
    const after = text[at + word.length] ?? " ";
    if (!/[\p{L}\p{N}_]/u.test(before) && !/[\p{L}\p{N}_]/u.test(after)) return true;
  }
  return false;
}

async function toldOpinion(path: string, runbook: Runbook): Promise<OpinionTold | undefined> {
  const file = opinionFile(path);
  const source = await readFile(file, "utf8").catch(() => undefined);
  if (source === undefined) return undefined;
  const { agent, model, verdict, reasons, digest } = parseOpinion(source, basename(file));
  return { agent, model, verdict, reasons, stale: digest !== sha256(runbook.source) };
}
