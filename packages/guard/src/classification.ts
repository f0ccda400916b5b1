import { higherRisk, type Risk, risks } from "@memomesh/core";

/** What a command touches. "unknown": something runs that was not read. */
export const effects = [
  "read",
  "write",
  "delete",
  "network",
  "service",
  "privilege",
  "live-infrastructure",
  "secret",
  "data",
  "git-history",
  "unknown",
] as const;
export type Effect = (typeof effects)[number];

/** A part of a text, in UTF-16 units; `end` is behind it. */
export interface Place {
  readonly start: number;
  readonly end: number;
}

/** Why a command is not low risk: a sentence for the person who reviews it, and the part of the text that caused it. */
export interface Reason extends Place {
  readonly text: string;
  readonly risk: Risk;
}

export interface Classification {
  readonly risk: Risk;
  readonly effects: readonly Effect[];
  /** The worst first, each once. Empty when the risk is low. */
  readonly reasons: readonly Reason[];
  /** Whether the text could be read as shell at all; when not, the risk is critical. */
  readonly readable: boolean;
  /** Whether a tool may run it once people have approved it. What is critical is done by a person's own hand. */
  readonly mayRun: boolean;
}

/** What one rule says about one part of a command. */
export interface Finding extends Reason {
  readonly effects: readonly Effect[];
}

/** The worst of all findings, with every effect. No finding can make another one smaller. */
export function classificationOf(findings: readonly Finding[], readable: boolean): Classification {
  const found = new Set(findings.flatMap((finding) => finding.effects));
  const lowest: Risk = readable ? "low" : "critical";
  const risk = findings.reduce<Risk>((worst, finding) => higherRisk(worst, finding.risk), lowest);
  return {
    risk,
    effects: effects.filter((effect) => found.has(effect)),
    reasons: reasonsOf(findings),
    readable,
    mayRun: risk !== "critical",
  };
}

function reasonsOf(findings: readonly Finding[]): Reason[] {
  const reasons = new Map<string, Reason>();
  for (const { text, risk, start, end } of findings) {
    if (risk !== "low") reasons.set(`${risk} ${start} ${end} ${text}`, { text, risk, start, end });
  }
  return [...reasons.values()].sort((a, b) => risks.indexOf(b.risk) - risks.indexOf(a.risk) || a.start - b.start);
}
