import { type Fence, placesOf, risks } from "@memomesh/core";
import { type Classification, safeText } from "@memomesh/guard";
import { fileLacks } from "./file-lacks.ts";
import { misleadingInStep } from "./misleading.ts";
import { onlyLooks, whyNot } from "./rehearsal.ts";
import type { ReviewedRunbook, ReviewedStep } from "./snapshot.ts";

/** Something about a runbook that its author should know before a person reviews it. */
export interface Finding {
  /** Stable, for machines: `runbook.step.no-undo`. */
  readonly code: string;
  /** With an `error` the step cannot be approved; a `warning` is for the reviewer to judge. */
  readonly severity: "error" | "warning";
  readonly step: number;
  /** Line in the runbook's file. */
  readonly line: number;
  readonly sentence: string;
}

/** Looks for what a reviewer would send back. */
export function checkRunbook({ steps }: ReviewedRunbook): readonly Finding[] {
  return steps.flatMap((reviewed) => {
    const { number, line } = reviewed.step;
    const finding = (severity: Finding["severity"]) => (code: string, sentence: string) =>
      ({
        code: `runbook.step.${code}`,
        severity,
        step: number,
        line,
        sentence: `step ${number}: ${sentence}`,
      }) as const;
    return [
      ...reviewed.problems.map((problem) => finding("error")("unfit", problem)),
      ...absentFiles(reviewed).map((sentence) => finding("error")("files", sentence)),
      ...warnings(reviewed).map(([code, sentence]) => finding("warning")(code, sentence)),
    ];
  });
}

function absentFiles(found: ReviewedStep): string[] {
  return found.problems.length > 0 ? [] : fileLacks(found).map((lack) => `it ${lack}.`);
}

type Warning = readonly [code: string, sentence: string];

function warnings(reviewed: ReviewedStep): Warning[] {
  return [
    ...wayBack(reviewed),
    ...claimedRisk(reviewed),
    ...absentVariables(reviewed),
    ...unnamedFiles(reviewed),
    ...preview(reviewed),
    ...meshOnHost(reviewed),
    ...misleadingInStep(reviewed.step).map(({ where, reason }) => ["misleading", `${where}: ${reason}.`] as const),
  ];
}

function wayBack({ step, risk }: ReviewedStep): Warning[] {
  if (!changes(risk.classified.run)) return [];
  return [
    ...(step.check ? [] : [["no-check", "it changes something and has no check."] as const]),
    ...(step.undo ? [] : [["no-undo", "it changes something and has no undo."] as const]),
  ];
}

function changes(found: Classification | undefined): boolean {
  return found?.effects.some((effect) => effect !== "read") ?? false;
}

function claimedRisk({ step, risk }: ReviewedStep): Warning[] {
  if (step.run === undefined) return [];
  if (risk.author === undefined) return [["no-risk", `it claims no risk; it is taken for ${risk.run}.`]];
  if (risks.indexOf(risk.author) >= risks.indexOf(risk.run)) return [];
  const reasons = [risk.classified.run, risk.classified.check].flatMap((found) => found?.reasons ?? []);
  const because = reasons.filter((reason) => reason.risk === risk.run).map(({ text }) => safeText(text));
  const second = risk.second === risk.run ? ["a second agent says so"] : [];
  const reason = [...because, ...second].join("; ");
  const why = reason === "" ? "" : `: ${reason}`;
  return [["risk", `it claims ${risk.author} risk; it is ${risk.run}${why}.`]];
}

function absentVariables({ variables }: ReviewedStep): Warning[] {
  const absent = variables.filter(({ present }) => !present).map(({ name }) => name);
  return absent.length === 0
    ? []
    : [["variables", `it needs ${absent.join(", ")}, which your environment does not have.`]];
}

/** The mesh lies on this machine only. */
function meshOnHost({ step, target }: ReviewedStep): Warning[] {
  const hosts = (target === undefined ? [] : placesOf(target)).filter(({ kind }) => kind === "ssh");
  const texts = [step.preview, step.run, step.check, step.undo].map((fence) => fence?.text ?? "");
  if (hosts.length === 0 || !texts.some((text) => /\$\{?MESH\b/.test(text))) return [];
  return [["mesh-on-host", `it uses $MESH, which is not on ${hosts.map(({ name }) => name).join(", ")}.`]];
}

function preview({ risk }: ReviewedStep): Warning[] {
  const found = risk.classified.preview;
  return found === undefined || onlyLooks(found) ? [] : [["preview", `its preview is not run: ${whyNot(found)}.`]];
}

/** A file that is not named is not part of what is approved: it can change after the approval. */
function unnamedFiles({ step }: ReviewedStep): Warning[] {
  const named = (path: string) => step.needs.files.some((file) => path === file || path.startsWith(`${file}/`));
  const used = [step.preview, step.run, step.check, step.undo].flatMap(meshPaths);
  const unnamed = [...new Set(used)].filter((path) => !named(path));
  return unnamed.map((path) => ["unnamed-file", `it uses \`${path}\` without naming it in its needs.`]);
}

/** Paths that are written out below $MESH. Only a hint: shell text can name a file in many other ways. */
function meshPaths(fence: Fence | undefined): string[] {
  const found = (fence?.text ?? "").matchAll(/\$(?:MESH|\{MESH\})"?\/([\w./@+-]+)/g);
  return [...found].map((match) => (match[1] ?? "").replace(/[/.]+$/, "")).filter((path) => path !== "");
}
