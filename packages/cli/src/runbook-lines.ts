import { higherRisk, type Risk } from "@memomesh/core";
import type { ReviewedRunbook, ReviewedStep } from "@memomesh/runbooks";
import { block, paint, type Style, type Text, text } from "./text.ts";

const styles: Readonly<Record<Risk, Style>> = {
  low: "green",
  medium: "yellow",
  high: "red",
  critical: ["bold", "red"],
};

/** The risk of the worst step. */
export function highestRisk({ steps }: ReviewedRunbook): Text {
  return riskText(steps.reduce<Risk>((highest, { risk }) => higherRisk(highest, risk.run), "low"));
}

function riskText(risk: Risk): Text {
  return paint(styles[risk], risk);
}

/** How many steps stand how: "2 of 6 decided", and what needs a look. */
export function countStates({ steps }: ReviewedRunbook): string {
  const count = (...states: string[]) => steps.filter(({ state }) => states.includes(state.state)).length;
  const decided = `${count("done", "by-hand", "skipped")} of ${steps.length} decided`;
  const trouble = (["failed", "uncertain", "running"] as const)
    .map((state) => ({ state, found: count(state) }))
    .filter(({ found }) => found > 0);
  return [decided, ...trouble.map(({ state, found }) => `${found} ${state}`)].join(", ");
}

/** A runbook as a person reads it before its steps. */
export function overviewLines(reviewed: ReviewedRunbook, path: string): Text[] {
  const { title, target, sections } = reviewed.runbook;
  return [
    paint("bold", title),
    paint("dim", text`${path}, target ${target}, ${countStates(reviewed)}`),
    ...sections.flatMap(({ heading, text: content }) => [text``, paint("bold", heading), block(content.trim())]),
  ];
}

/** A step as a person reads it: what, how risky and why, in which state, what it runs. */
export function stepLines({ step, risk, state, problems, target }: ReviewedStep): Text[] {
  const fences = (["run", "check", "undo"] as const).flatMap((name) => fenceLines(name, step[name]?.text));
  const reasons = Object.values(risk.classified).flatMap(({ reasons }) => reasons);
  const why = [...new Set(reasons.filter((reason) => reason.risk === risk.run).map((reason) => reason.text))];
  return [
    text`${paint("bold", `Step ${step.number}: ${step.title}`)}`,
    text`  ${riskText(risk.run)} risk, ${state.state}, at most ${step.timeout} s, target ${target?.name ?? "unknown"}${why.length === 0 ? "" : `: ${why.join("; ")}`}`,
    ...problems.map((problem) => text`  ${paint("red", "cannot be approved:")} ${problem}`),
    ...(step.prose === "" ? [] : [text``, ...step.prose.split("\n").map((line) => text`  ${line}`)]),
    ...(step.run === undefined ? [text``, text`  A person does this step by hand.`] : []),
    ...fences,
  ];
}

function fenceLines(name: string, commands: string | undefined): Text[] {
  if (commands === undefined) return [];
  return [text``, text`  ${paint("dim", name)}`, ...commands.split("\n").map((line) => text`    ${block(line)}`)];
}

/** What has changed in a step since it was last shown to a person; nothing when nothing has. */
export function changeLines({ change }: ReviewedStep): Text[] {
  if (change.kind !== "changed") return [];
  const signs = { same: [" ", "dim"], removed: ["-", "red"], added: ["+", "green"] } as const;
  const lines = change.lines.map(
    ({ kind, text: line }) => text`    ${paint(signs[kind][1], text`${signs[kind][0]} ${line}`)}`,
  );
  return [text``, text`  ${paint("yellow", "changed since the last review")}`, ...lines];
}
