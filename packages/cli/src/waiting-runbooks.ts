import { Exit } from "@memomesh/core";
import { findRunbook, isFinished, type Mesh, type RunbookFile, readBox, readRunbooks } from "@memomesh/mesh";
import type { ReviewedRunbook } from "@memomesh/runbooks";
import { shown } from "./here.ts";
import type { Output } from "./output.ts";
import { countStates, highestRisk, overviewLines } from "./runbook-lines.ts";
import { stepLines } from "./step-lines.ts";
import { paint, table, text } from "./text.ts";

interface WaitingRunbook extends RunbookFile {
  readonly reviewed: ReviewedRunbook;
}

/** Runbooks with a step that is not decided, and those whose memo is not completed yet. */
export async function waitingRunbooks(mesh: Mesh): Promise<readonly WaitingRunbook[]> {
  const nodes = [...mesh.nodes.values()];
  const inboxes = await Promise.all(nodes.map((node) => readBox(node, "incoming")));
  const prepared = new Set(
    inboxes.flat().flatMap(({ header }) => (header?.status === "prepared" && header.id ? [header.id] : [])),
  );
  const waits = ({ runbook }: ReviewedRunbook) => runbook.memo !== undefined && prepared.has(runbook.memo);
  return (await readRunbooks(mesh, nodes)).flatMap(({ node, path, reviewed }) =>
    reviewed === undefined || (isFinished(reviewed) && !waits(reviewed)) ? [] : [{ node, path, reviewed }],
  );
}

/**
 * Without a terminal nobody can decide: what waits is printed whole.
 *
 * @param reference one runbook; undefined for all
 * @returns the exit code, which says whether a person has to come
 */
export async function printWaiting(mesh: Mesh, reference: string | undefined, output: Output): Promise<number> {
  const wanted = reference === undefined ? undefined : (await findRunbook(mesh, reference, process.cwd())).path;
  const waiting = (await waitingRunbooks(mesh)).filter(({ path }) => wanted === undefined || path === wanted);
  output.data({ waiting: waiting.map(waitingData) });
  for (const { path, reviewed } of waiting) {
    for (const line of overviewLines(reviewed, shown(path))) output.line(line);
    for (const step of reviewed.steps) {
      output.line();
      for (const line of stepLines(step, { of: reviewed.steps.length })) output.line(line);
      if (step.digest !== undefined) output.line(paint("dim", `  digest ${step.digest}`));
    }
    output.line();
  }
  if (waiting.length === 0) {
    output.line(text`No runbook waits.`);
    return Exit.done;
  }
  const rows = waiting.map(({ node, reviewed }) => [
    node.id,
    highestRisk(reviewed),
    reviewed.runbook.title,
    countStates(reviewed),
  ]);
  for (const line of table(rows)) output.line(line);
  output.note(
    text`A person has to decide: memomesh review in a terminal, or memomesh approve <runbook> --step N --digest … in a script.`,
  );
  return Exit.tryAgain;
}

function waitingData({ node, path, reviewed }: WaitingRunbook) {
  return {
    node: node.id,
    path,
    title: reviewed.runbook.title,
    opinion: reviewed.opinion,
    steps: reviewed.steps.map(({ step, risk, state, digest, problems }) => ({
      number: step.number,
      title: step.title,
      risk: risk.run,
      state: state.state,
      digest,
      problems,
    })),
  };
}
