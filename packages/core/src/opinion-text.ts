import { sha256 } from "./digest.ts";
import { type HeaderValue, printHeaderValue } from "./header-value.ts";
import type { Opinion, OpinionFinding } from "./opinion.ts";
import type { Runbook, Step } from "./runbook.ts";
import { usageText } from "./usage-text.ts";

/**
 * An opinion as the file that lies beside its runbook. Of risks only those are printed that differ from the author's.
 *
 * @param date ISO 8601
 * @see docs/formats.md, "A second opinion"
 */
export function printOpinion(opinion: Opinion, runbook: Runbook, date: string): string {
  const { agent, model, verdict, reasons, findings, usage } = opinion;
  const lines: readonly (readonly [string, HeaderValue | undefined])[] = [
    ["runbook", runbook.id],
    ["digest", sha256(runbook.source)],
    ["agent", agent],
    ["model", model],
    ["date", date],
    ["verdict", verdict],
  ];
  const header = lines.flatMap(([name, value]) =>
    value === undefined ? [] : [`${name}: ${printHeaderValue(value)}\n`],
  );
  const blocks = [
    `# Second opinion on "${oneLine(runbook.title)}"`,
    `**Reasons:** ${oneLine(reasons)}`,
    usage === undefined ? "" : `**Used:** ${usageText(usage)}`,
    printFindings(findings.filter(({ step }) => step === undefined)),
    ...runbook.steps.flatMap((step) => printStep(step, opinion)),
  ];
  return `---\n${header.join("")}---\n${blocks.filter((block) => block !== "").join("\n\n")}\n`;
}

function printStep(step: Step, { risks, findings }: Opinion): string[] {
  const risk = risks.find((each) => each.step === step.number)?.risk;
  const own = findings.filter((finding) => finding.step === step.number);
  const differs = risk !== undefined && risk !== step.risk;
  if (!differs && own.length === 0) return [];
  const author = step.risk === undefined ? "its author does not say it" : `its author says ${step.risk}`;
  return [
    `## Step ${step.number}: ${oneLine(step.title)}`,
    differs ? `**Risk:** ${risk}; ${author}` : "",
    printFindings(own),
  ];
}

function printFindings(findings: readonly OpinionFinding[]): string {
  return findings
    .map(({ severity, text, instead }) => {
      const better = instead === undefined ? "" : `\n  **Instead:** ${oneLine(instead)}`;
      return `- **${severity}:** ${oneLine(text)}${better}`;
    })
    .join("\n");
}

function oneLine(text: string): string {
  return text.replace(/\s+/g, " ").trim();
}
