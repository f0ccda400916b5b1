import { higherRisk, type Risk, type StepTarget } from "@memomesh/core";
import { misleadingInText, type ReviewedRunbook } from "@memomesh/runbooks";
import { atMost, type Layout, proseLines } from "./layout.ts";
import { misleadingLines } from "./misleading-lines.ts";
import { opinionLines } from "./opinion-lines.ts";
import { riskText } from "./step-lines.ts";
import { paint, type Text, text } from "./text.ts";
import { wrapWords } from "./wrap.ts";

/** The risk of the worst step. */
export function highestRisk({ steps }: ReviewedRunbook): Text {
  return riskText(steps.reduce<Risk>((highest, { risk }) => higherRisk(highest, risk.run), "low"));
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
export function overviewLines(reviewed: ReviewedRunbook, path: string, layout: Layout = {}): Text[] {
  const { title, sections } = reviewed.runbook;
  return [
    paint("bold", title),
    paint("dim", path),
    text`${countStates(reviewed)}; highest risk ${highestRisk(reviewed)}`,
    ...targetLines(reviewed),
    ...gateLines(reviewed, layout),
    ...removedLines(reviewed),
    ...misleadingLines(misleadingInText(reviewed.runbook), layout),
    ...sections.flatMap(({ heading, text: content }) => [
      text``,
      paint("bold", heading),
      ...atMost(proseLines(content.trim(), layout), layout.most),
    ]),
    ...opinionLines(reviewed, layout),
  ];
}

/** Where the steps run, and what they are given besides. */
function targetLines({ steps, runbook }: ReviewedRunbook): Text[] {
  const targets = new Map(
    steps.flatMap(({ target }) => (target === undefined ? [] : [[target.name, target] as const])),
  );
  const told = [...targets.values()].map((target) => {
    const { name, path, production, env } = target;
    const variables = Object.entries(env).map(([key, value]) => `${key}=${value}`);
    const given = variables.length === 0 ? "" : `, with ${variables.join(" ")}`;
    return text`target ${name}${production ? text`, ${paint("red", "production")},` : ""}: ${hostOf(target)}${path}${given}`;
  });
  return told.length > 0 ? told : [text`target ${runbook.target}: ${paint("red", "unknown")}`];
}

/** Findings of the gate that are shown; `memomesh gate` shows all. */
const mostFindings = 3;

function gateLines({ gate }: ReviewedRunbook, layout: Layout): Text[] {
  if (gate === undefined) return [];
  const { score, threshold, passed, findings } = gate;
  if (passed) return [text`gate ${score} of 100 points`];
  const verdict = paint(
    "red",
    `gate ${score} of 100 points, ${threshold} needed: it cannot be approved without --override-gate`,
  );
  const lines = findings.slice(0, mostFindings).flatMap((finding) => wrapWords(`  ${finding}`, layout.width));
  return [verdict, ...lines.map((line) => text`${line}`)];
}

/** `deploy@web.example.com:22:`, and through whom. */
function hostOf(target: StepTarget): string {
  if (target.kind === "local") return "";
  if (target.kind === "group") return `${target.members.map(({ name }) => name).join(", ")} (${target.order})`;
  const { user, host, port, jump } = target;
  return `${user}@${host}:${port}${jump === undefined ? "" : ` through ${jump}`}:`;
}

function removedLines({ difference }: ReviewedRunbook): Text[] {
  return [...difference.removed].map(
    ([number, title]) => text`${paint("yellow", "removed since the last review:")} step ${number}: ${title}`,
  );
}
