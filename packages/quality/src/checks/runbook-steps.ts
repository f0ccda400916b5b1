import { higherRisk, type Risk, type Runbook, risks, type Step } from "@memomesh/core";
import { type Classification, classifyCommand, type OwnPrograms, safeText } from "@memomesh/guard";
import type { Check } from "../check.ts";
import { cost, type Flaw } from "../finding.ts";
import type { ReadFile } from "../material.ts";
import { changesAnything } from "../shell/only-looks.ts";
import { alwaysSucceeds, doesNothing } from "../shell/succeeds.ts";
import { placeholderIn } from "./placeholder.ts";

export const runbookSteps: Check = {
  id: "runbook",
  title: "Runbook completeness",
  weight: 20,
  about:
    "A person can decide on every step and go back from it: what changes something has a check that can fail and an undo, or its text says why not (`No undo: …`); the claimed risk is not below what the guard finds, with the rules of mesh.yml; what the guard does not know for certain counts as a change; a time limit is said; what is done by hand is explained; there is a section Rollback.",
  look({ files, guard }) {
    const runbooks = files.filter(({ kind }) => kind === "runbook");
    return runbooks.length === 0 ? undefined : runbooks.flatMap((file) => runbookFlaws(file, guard?.programs ?? {}));
  },
};

function runbookFlaws(file: ReadFile, own: OwnPrograms): Flaw[] {
  const { path, runbook, unreadable, lines } = file;
  if (unreadable !== undefined) {
    const line = unreadable.place?.line ?? 1;
    const text = `the runbook cannot be read: ${unreadable.sentence.replace(/\.$/, "")}`;
    return [
      { file: path, line, text, cost: cost.whole, fix: "write it exactly as docs/formats.md says", blocks: true },
    ];
  }
  if (runbook === undefined) return [];
  return [...rollbackFlaws(runbook), ...runbook.steps.flatMap((step) => stepFlaws(step, path, lines, own))];
}

function rollbackFlaws({ file, sections }: Runbook): Flaw[] {
  const section = sections.find(({ heading }) => /^(?:rollback|roll back|going back|way back)\b/i.test(heading));
  if (section !== undefined && section.text.length >= 10 && placeholderIn(section.text) === undefined) return [];
  const text = section === undefined ? "there is no section Rollback" : "the section Rollback says nothing";
  const fix = "write under `## Rollback` how a person gets back to where it began";
  return [{ file, line: section?.line ?? 1, text, cost: cost.serious, fix }];
}

function stepFlaws(step: Step, file: string, lines: readonly string[], own: OwnPrograms): Flaw[] {
  const { number, line, run } = step;
  const flaw = (at: number, text: string, price: number, fix: string): Flaw => ({
    file,
    line: at,
    text: `step ${number} ${text}`,
    cost: price,
    fix,
  });
  if (run === undefined) return manualFlaws(step, flaw);
  const changes = changesAnything(run.text, own);
  return [
    ...riskFlaws(step, own, flaw),
    ...(changes ? wayBackFlaws(step, flaw) : []),
    ...checkFlaws(step, own, flaw),
    ...(saysTimeout(step, lines)
      ? []
      : [flaw(line, "says no time limit", cost.slight, "add `Timeout: 60s.` to the line below its heading")]),
  ];
}

type Say = (line: number, text: string, price: number, fix: string) => Flaw;

/** A manual step is only as good as its text. */
function manualFlaws({ prose, line }: Step, flaw: Say): Flaw[] {
  const words = prose.split(/\s+/).filter((word) => /\p{L}{2}/u.test(word));
  if (words.length >= 8) return [];
  const fix = "say what is done, where, how one sees that it worked, and how it is taken back";
  return [flaw(line, "is done by hand and does not explain what to do", cost.serious, fix)];
}

function wayBackFlaws({ line, check, undo, prose }: Step, flaw: Say): Flaw[] {
  const noCheck = check === undefined && !explains(prose, "check");
  const noUndo = undo === undefined && !explains(prose, "undo");
  return [
    ...(noCheck
      ? [
          flaw(
            line,
            "changes something and has no check",
            cost.serious,
            "add a ```sh check that fails when it did not work, or say `No check: …`",
          ),
        ]
      : []),
    ...(noUndo
      ? [flaw(line, "changes something and has no undo", cost.serious, "add a ```sh undo, or say `No undo: …` and why")]
      : []),
    ...(undo !== undefined && doesNothing(undo.text) && !explains(prose, "undo")
      ? [
          flaw(
            undo.line,
            "has an undo that does nothing",
            cost.notable,
            "take back what the step has done, or say `No undo: …` and why",
          ),
        ]
      : []),
  ];
}

const reasons = {
  check: /\b(?:no|without(?: a)?|needs no|not) check(?:ed)?\b/i,
  undo: /\b(?:no|without(?: an)?|needs no|nothing to) (?:undo|way back|rollback)\b|\b(?:can(?:not|'t| not)|never|not) be (?:undone|taken back|reverted|reversed|rolled back)\b|\birreversible\b|\bone[- ]way\b/i,
};

/** Whether a step's text says why a part of it is not there. */
function explains(prose: string, part: keyof typeof reasons): boolean {
  return reasons[part].test(prose);
}

function checkFlaws({ check }: Step, own: OwnPrograms, flaw: Say): Flaw[] {
  if (check === undefined) return [];
  const { effects } = classifyCommand(check.text, own);
  return [
    ...(alwaysSucceeds(check.text)
      ? [flaw(check.line, "has a check that cannot fail", cost.serious, "test what the step was for")]
      : []),
    ...(effects.includes("write") || effects.includes("delete")
      ? [flaw(check.line, "has a check that changes something", cost.notable, "let the check only look")]
      : []),
  ];
}

function riskFlaws({ risk, run, check, line }: Step, own: OwnPrograms, flaw: Say): Flaw[] {
  const found = [run, check].flatMap((fence) => (fence === undefined ? [] : [classifyCommand(fence.text, own)]));
  const floor = found.reduce<Risk>((highest, each) => higherRisk(highest, each.risk), "low");
  if (found.some(({ readable }) => !readable)) {
    return [
      flaw(line, `cannot be read by the guard${because(found, floor)}`, cost.serious, "write it in simpler shell"),
    ];
  }
  if (risk === undefined) {
    return [flaw(line, `claims no risk; it is ${floor}`, cost.slight, `add \`Risk: ${floor}.\` below its heading`)];
  }
  if (risks.indexOf(risk) >= risks.indexOf(floor)) return [];
  const text = `claims ${risk} risk; it is ${floor}${because(found, floor)}`;
  // The higher one counts anyway; but who is wrong by two levels has not seen what the step does.
  const price = risks.indexOf(floor) - risks.indexOf(risk) > 1 ? cost.notable : cost.slight;
  return [flaw(line, text, price, `say \`Risk: ${floor}.\`, or do less in this step`)];
}

function because(found: readonly Classification[], floor: Risk): string {
  const why = found.flatMap(({ reasons: each }) => each).filter((reason) => reason.risk === floor);
  return why.length === 0 ? "" : `: ${[...new Set(why.map(({ text }) => safeText(text)))].slice(0, 3).join("; ")}`;
}

/** The default is 300 seconds; whether somebody thought about it only the attributes tell. */
function saysTimeout({ line }: Step, lines: readonly string[]): boolean {
  const below = lines.slice(line, line + 12);
  const end = below.findIndex((text) => /^(?:```|~~~|#)/.test(text));
  return below.slice(0, end === -1 ? undefined : end).some((text) => /\bTimeout:\s*\d/.test(text));
}
