import { type CheckResult, type Explanation, type Finding, type GateResult, pointsText } from "@memomesh/quality";
import { paint, type Text, table, text } from "./text.ts";
import { wrapWords } from "./wrap.ts";

/** Findings of one check that are shown; all of them stand in `--json`. */
const mostFindings = 12;

/** A result for a person: what each check gave, what was found where, and the verdict. */
export function gateLines(result: GateResult, width: number | undefined): Text[] {
  const looked = result.checks.filter(({ notApplicable }) => notApplicable !== true);
  return [
    ...table(looked.map(checkRow), 2),
    ...looked
      .filter(({ findings }) => findings.length > 0)
      .flatMap((check) => ["", check] as const)
      .flatMap((part) => (part === "" ? [text``] : findingLines(part, width))),
    ...missingLines(result, width),
    ...uncomparedLines(result, width),
    text``,
    verdict(result),
  ];
}

function checkRow({ title, score, findings }: CheckResult): Text[] {
  const blocked = findings.some(({ blocks }) => blocks);
  const lost = findings.reduce((sum, { points }) => sum + points, 0);
  const mark = blocked ? paint("red", "blocks") : score === 100 ? paint("green", "ok") : paint("yellow", String(score));
  return [text`${title}`, mark, paint("dim", lost > 0 ? `-${pointsText(lost)}` : "")];
}

function findingLines({ title, findings }: CheckResult, width: number | undefined): Text[] {
  const more = findings.length - mostFindings;
  return [
    paint("bold", title),
    ...findings.slice(0, mostFindings).flatMap((finding) => oneFinding(finding, width)),
    ...(more > 0 ? [paint("dim", `  … ${more} more; --json shows them all`)] : []),
  ];
}

function oneFinding({ file, line, text: said, fix, points, blocks }: Finding, width: number | undefined): Text[] {
  const place = line === undefined ? file : `${file}:${line}`;
  const price = blocks ? paint("red", "blocks") : paint("dim", points > 0 ? `-${pointsText(points)}` : "note");
  const broken = (words: string) => wrapWords(`    ${words}`, width);
  return [
    text`  ${paint("cyan", place)}  ${price}`,
    ...broken(said).map((row) => text`${row}`),
    ...(fix === undefined ? [] : broken(fix).map((row) => paint("dim", row))),
  ];
}

function missingLines({ missingTools }: GateResult, width: number | undefined): Text[] {
  if (missingTools.length === 0) return [];
  const reasons = new Map<string, string[]>();
  for (const { name, reason } of missingTools) reasons.set(reason, [...(reasons.get(reason) ?? []), name]);
  const said = [...reasons].map(([reason, names]) => `${names.join(", ")} (${reason})`).join("; ");
  return [text``, ...wrapWords(`Not asked: ${said}`, width).map((row) => paint("dim", row))];
}

function uncomparedLines({ uncompared }: GateResult, width: number | undefined): Text[] {
  if (uncompared.length === 0) return [];
  const said = uncompared.map(({ what, reason }) => `${what} (${reason})`).join("; ");
  return [text``, ...wrapWords(`Not compared with the platform: ${said}`, width).map((row) => paint("dim", row))];
}

function verdict({ score, threshold, passed }: GateResult): Text {
  const sum = text`${paint("bold", score)} of 100 points, ${threshold} needed`;
  if (passed) return text`${paint("green", "passed")}  ${sum}`;
  return text`${paint("red", "failed")}  ${sum}${score >= threshold ? text`, but a finding blocks` : text``}`;
}

/** All checks with their weights. */
export function explanationLines(explanations: readonly Explanation[], width: number | undefined): Text[] {
  return explanations.flatMap(({ id, title, weight, about }) => [
    text`${paint("bold", title)}  ${paint("dim", `${id}, ${weight === 0 ? "off" : `weight ${weight}`}`)}`,
    ...wrapWords(`  ${about}`, width).map((row) => text`${row}`),
  ]);
}
