import { redact } from "@memomesh/guard";
import { secrets } from "./checks/secrets.ts";
import { checks } from "./checks.ts";
import type { Finding, Flaw } from "./finding.ts";
import { readMaterial } from "./material.ts";
import { comparePlatform, type Uncompared } from "./platform/compare.ts";
import { defaultSettings, type GateSettings, weightOf } from "./settings.ts";
import type { GateFile, Subject } from "./subject.ts";

export interface GateResult {
  /** 0 to 100, a whole number: what is left when the points of all findings are taken away. */
  readonly score: number;
  readonly threshold: number;
  /** The score reaches the threshold, and no finding blocks. */
  readonly passed: boolean;
  readonly checks: readonly CheckResult[];
  /** Programs that would have looked at these files and are not there, with the reason. */
  readonly missingTools: readonly MissingTool[];
  /** What was not compared with the platform, because no fact tells it or the fact is stale. */
  readonly uncompared: readonly Uncompared[];
}

export interface CheckResult {
  readonly id: string;
  readonly title: string;
  readonly weight: number;
  /** 0 to 100. */
  readonly score: number;
  /** The dearest first. */
  readonly findings: readonly Finding[];
  /** It had nothing to look at, or is off; it counts for nothing. */
  readonly notApplicable?: true;
}

export interface MissingTool {
  readonly name: string;
  readonly reason: string;
}

export interface ScoreOptions {
  readonly settings?: GateSettings;
  /** What programs outside have found in the subject's files. */
  readonly told?: readonly Flaw[];
  readonly missingTools?: readonly MissingTool[];
  /** The subject's files as those who look for secrets see them: without what a person has allowed. Absent: as they are. */
  readonly cleared?: readonly GateFile[];
}

/**
 * Scores a subject: no file is read, nothing runs, and no model is asked. Every check that applies has its share of the
 * 100 points by weight, and loses it to what it finds.
 */
export function score(subject: Subject, options: ScoreOptions = {}): GateResult {
  const { settings = defaultSettings, told = [], missingTools = [], cleared = subject.files } = options;
  const material = readMaterial(subject);
  const differs = cleared.some(({ text }, index) => text !== subject.files[index]?.text);
  const forSecrets = differs ? readMaterial({ ...subject, files: cleared }) : material;
  const looked = checks.map((check) => {
    const weight = weightOf(check.id, settings);
    const looked = check.id === secrets.id ? forSecrets : material;
    return { check, weight, flaws: weight > 0 ? check.look(looked, told) : undefined };
  });
  const whole = looked.reduce((sum, { weight, flaws }) => sum + (flaws === undefined ? 0 : weight), 0);
  const results = looked.map(({ check: { id, title }, weight, flaws }): CheckResult => {
    if (flaws === undefined) return { id, title, weight, score: 100, findings: [], notApplicable: true };
    const findings = priced(id, flaws, (weight / whole) * 100);
    const lost = Math.min(
      1,
      flaws.reduce((sum, flaw) => sum + flaw.cost, 0),
    );
    return { id, title, weight, score: Math.round((1 - lost) * 100), findings };
  });
  const findings = results.flatMap((result) => result.findings);
  const lost = findings.reduce((sum, { points }) => sum + points, 0);
  // A hair's breadth of floating point is no fault of the subject.
  const reached = Math.max(0, Math.floor(100 - lost + 1e-6));
  const passed = reached >= settings.threshold && !findings.some(({ blocks }) => blocks);
  const { uncompared } = weightOf("platform", settings) > 0 ? comparePlatform(material) : { uncompared: [] };
  return { score: reached, threshold: settings.threshold, passed, checks: results, missingTools, uncompared };
}

/** Shares a check's points among its flaws: each has its price, and all together no more than the check has. */
function priced(check: string, flaws: readonly Flaw[], share: number): readonly Finding[] {
  const total = flaws.reduce((sum, flaw) => sum + flaw.cost, 0);
  const scale = total > 1 ? share / total : share;
  return flaws
    .map(({ cost, text, ...flaw }): Finding => ({ ...flaw, check, text: redact(text), points: cost * scale }))
    .sort(
      (a, b) =>
        Number(b.blocks ?? false) - Number(a.blocks ?? false) ||
        b.points - a.points ||
        compare(a.file, b.file) ||
        (a.line ?? 0) - (b.line ?? 0),
    );
}

function compare(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

/** All findings of a result, in the order of the checks. */
export function findingsOf({ checks: results }: GateResult): readonly Finding[] {
  return results.flatMap(({ findings }) => findings);
}
