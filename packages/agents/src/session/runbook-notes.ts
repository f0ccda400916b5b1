import { type Fence, higherRisk, type Risk, type Runbook, type Step } from "@memomesh/core";
import { type Classification, classifyCommand, type Effect } from "@memomesh/guard";

/** Effects after which there is something to check and to take back. */
const changing: readonly Effect[] = [
  "write",
  "delete",
  "service",
  "live-infrastructure",
  "data",
  "git-history",
  "unknown",
];

/** What the author of a runbook should know before a person sees it: how its steps are classified, and what they lack. */
export function reviewNotes({ steps }: Pick<Runbook, "steps">): readonly string[] {
  return steps.map((step) => {
    const notes = [riskNote(step), ...lacks(step)];
    return `Step ${step.number}: ${notes.join(" ")}`;
  });
}

/** Running a step and undoing it are decisions of their own, as they are for the person who reviews them. */
function riskNote({ risk = "low", run, check, undo }: Step): string {
  if (run === undefined) return "by hand.";
  const running = classified(run, check);
  const undoing = classified(undo);
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

function classified(...fences: readonly (Fence | undefined)[]): readonly Classification[] {
  return fences.flatMap((fence) => (fence === undefined ? [] : [classifyCommand(fence.text)]));
}

/** The risk that the guard sees and why, when it is higher than what the author says. */
function raisedTo(author: Risk, found: readonly Classification[]): string | undefined {
  const guard = found.reduce<Risk>((worst, each) => higherRisk(worst, each.risk), "low");
  return higherRisk(author, guard) === author ? undefined : `${guard}: ${because(found, guard)}`;
}

function because(found: readonly Classification[], risk: Risk): string {
  const reasons = found.flatMap((each) => each.reasons).filter((reason) => reason.risk === risk);
  return [...new Set(reasons.map(({ text }) => text))].slice(0, 3).join("; ") || "it cannot be read as shell";
}

function lacks({ run, check, undo, needs }: Step): readonly string[] {
  if (run === undefined) return [];
  const { effects } = classifyCommand(run.text);
  const absent = [...(check === undefined ? ["check"] : []), ...(undo === undefined ? ["undo"] : [])];
  const changes = effects.some((effect) => changing.includes(effect));
  const unnamed = [run, check, undo]
    .flatMap(meshPaths)
    .filter((path) => !needs.files.some((file) => path === file || path.startsWith(`${file}/`)));
  return [
    ...(changes && absent.length > 0
      ? [
          `It changes something and has no ${absent.join(" and no ")}; write it again with one, or explain in the step why there is none.`,
        ]
      : []),
    ...[...new Set(unnamed)].map((path) => `It uses ${path} below $MESH without naming it in needs.files.`),
  ];
}

/** Paths that are written out below $MESH. Only a hint: shell text can name a file in many other ways. */
function meshPaths(fence: Fence | undefined): string[] {
  const found = (fence?.text ?? "").matchAll(/\$(?:MESH|\{MESH\})"?\/([\w./@+-]+)/g);
  return [...found].map((match) => (match[1] ?? "").replace(/[/.]+$/, "")).filter((path) => path !== "");
}
