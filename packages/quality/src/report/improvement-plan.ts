import type { Finding } from "../finding.ts";
import { findingsOf, type GateResult } from "../score.ts";

/** More cannot be worked on in one round. */
const mostItems = 40;

/**
 * What would bring a result over the threshold, as Markdown for the agent that works on it next: the finding that costs
 * most first, what blocks before all others.
 */
export function improvementPlan(result: GateResult): string {
  const { score, threshold, passed } = result;
  const findings = [...findingsOf(result)].sort(
    (a, b) => Number(b.blocks ?? false) - Number(a.blocks ?? false) || b.points - a.points,
  );
  if (findings.length === 0) return `The gate gives ${score} of 100 points. Nothing is to be improved.\n`;
  const blocking = findings.filter(({ blocks }) => blocks).length;
  const verdict = [
    `The gate gives ${score} of 100 points; ${threshold} are needed.`,
    ...(blocking > 0 ? [`${count(blocking, "finding blocks", "findings block")}, whatever the score.`] : []),
    ...(passed ? ["It passes; what follows would make it better."] : []),
  ].join(" ");
  const more = findings.length - mostItems;
  const lines = [
    "# Improvement plan",
    "",
    verdict,
    "",
    ...findings.slice(0, mostItems).flatMap((finding, index) => item(finding, index + 1, result)),
    ...(more > 0 ? [`And ${count(more, "smaller finding", "smaller findings")}.`] : []),
  ];
  return `${lines.join("\n").trimEnd()}\n`;
}

function item(
  { file, line, text, fix, points, blocks, check }: Finding,
  number: number,
  { checks }: GateResult,
): string[] {
  const place = line === undefined ? file : `${file}:${line}`;
  const title = checks.find(({ id }) => id === check)?.title ?? check;
  const worth = [...(blocks ? ["blocks"] : []), ...(points > 0 ? [`${pointsText(points)}`] : [])].join(", ");
  return [
    `${number}. \`${place}\`: ${text}.`,
    `   ${title}${worth === "" ? "" : ` (${worth})`}.${fix === undefined ? "" : ` To mend it: ${fix}.`}`,
  ];
}

/** Points with one decimal, as people read them. */
export function pointsText(points: number): string {
  const rounded = Math.max(0.1, Math.round(points * 10) / 10);
  return `${rounded} ${rounded === 1 ? "point" : "points"}`;
}

function count(number: number, one: string, many: string): string {
  return `${number} ${number === 1 ? one : many}`;
}
