import { higherRisk, type Risk, type Runbook, type Step } from "@memomesh/core";
import type { Classification, OwnPrograms } from "@memomesh/guard";
import { because, classified, guardRisk } from "./guard-risk.ts";
import { absentParts, unnamedFiles } from "./step-lacks.ts";

/**
 * What the author of a runbook should know before a person sees it: how its steps are classified, and what they lack.
 *
 * @param programs what mesh.yml says about programs
 */
export function reviewNotes({ steps }: Pick<Runbook, "steps">, programs?: OwnPrograms): readonly string[] {
  return steps.map((step) => {
    const notes = [riskNote(step, programs), ...lacks(step, programs)];
    return `Step ${step.number}: ${notes.join(" ")}`;
  });
}

/** Running a step and undoing it are decisions of their own, as they are for the person who reviews them. */
function riskNote({ risk = "low", run, check, undo }: Step, programs: OwnPrograms | undefined): string {
  if (run === undefined) return "by hand.";
  const running = classified(programs, run, check);
  const undoing = classified(programs, undo);
  const unreadable = [...running, ...undoing].some(({ readable }) => !readable)
    ? " A part of it cannot be read as shell and counts as critical; write it more simply."
    : "";
  const raised = [raisedTo(risk, running), raisedTo(risk, undoing)];
  const [byRunning, byUndoing] = raised.map((found) => (found === undefined ? "" : `counts as ${found}.`));
  const notes = [
    byRunning === "" ? `${risk}.` : `you say ${risk}, it ${byRunning}`,
    byUndoing === "" ? "" : `Undoing it ${byUndoing}`,
  ];
  return notes.filter((note) => note !== "").join(" ") + unreadable;
}

/** The risk that the guard sees and why, when it is higher than what the author says. */
function raisedTo(author: Risk, found: readonly Classification[]): string | undefined {
  const guard = guardRisk(found);
  return higherRisk(author, guard) === author ? undefined : `${guard}: ${because(found, guard)}`;
}

function lacks(step: Step, programs: OwnPrograms | undefined): readonly string[] {
  const absent = absentParts(step, programs);
  return [
    ...(absent.length > 0
      ? [
          `It changes something and has no ${absent.join(" and no ")}; write it again with one, or explain in the step why there is none.`,
        ]
      : []),
    ...unnamedFiles(step).map((path) => `It uses ${path} below $MESH without naming it in needs.files.`),
  ];
}
