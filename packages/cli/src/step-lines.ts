import { higherRisk, type Risk } from "@memomesh/core";
import { safeText } from "@memomesh/guard";
import { approvalRule, bytesText, misleadingInStep, type ReviewedStep, standing, stateWord } from "@memomesh/runbooks";
import { label, labelled, labelWidth } from "./label.ts";
import { inside, type Layout, proseLines } from "./layout.ts";
import { misleadingLines } from "./misleading-lines.ts";
import { stepOpinionLines } from "./opinion-lines.ts";
import { block, paint, type Style, type Text, text } from "./text.ts";
import { wrapExactly } from "./wrap.ts";

const styles: Readonly<Record<Risk, Style>> = {
  low: "green",
  medium: "yellow",
  high: "red",
  critical: ["bold", "red"],
};

export function riskText(risk: Risk): Text {
  return paint(styles[risk], risk);
}

/** A step as a person reads it: what, how risky and why, what it needs, what it runs. */
export function stepLines(reviewed: ReviewedStep, layout: Layout & { readonly of?: number } = {}): Text[] {
  const { step, problems } = reviewed;
  const place = layout.of === undefined ? `Step ${step.number}` : `Step ${step.number} of ${layout.of}`;
  const prose = step.prose === "" ? [] : [text``, ...proseLines(step.prose, layout, 2)];
  return [
    paint("bold", text`${place}: ${step.title}`),
    factLine(reviewed),
    ...problems.flatMap((problem) => labelled(paint("red", "unfit"), `It cannot be approved: ${problem}`, layout)),
    ...misleadingLines(misleadingInStep(step), layout),
    ...riskLines(reviewed, layout),
    ...approvalLines(reviewed, layout),
    ...stepOpinionLines(reviewed, layout),
    ...prose,
    text``,
    ...needLines(reviewed, layout),
    ...uploadLines(reviewed, layout),
    ...(step.run === undefined
      ? labelled(paint("dim", "run"), "Nothing: a person does this step by hand.", layout)
      : []),
    ...fenceLines(reviewed, ["preview", "run", "check", "undo"], layout),
  ];
}

function factLine({ step, risk, state, target }: ReviewedStep): Text {
  const now = standing(state);
  const stands = now.state === "pending" ? "" : text`, ${paint("yellow", stateWord(now))}`;
  const production = target?.production === true ? text` (${paint("red", "production")})` : "";
  return text`  ${riskText(risk.run)} risk, on ${target?.name ?? "an unknown target"}${production}, at most ${step.timeout} s${stands}`;
}

/** Why a step is not harmless, and where its author has said less. */
function riskLines({ step, risk, opinion }: ReviewedStep, layout: Layout): Text[] {
  const { run, check, undo } = risk.classified;
  const because = (level: Risk, ...found: (typeof run)[]) => {
    const reasons = found.flatMap((each) => each?.reasons ?? []).filter((reason) => reason.risk === level);
    return [...new Set(reasons.map((reason) => reason.text))].join("; ");
  };
  const why = risk.run === "low" ? "" : because(risk.run, run, check);
  const claimed = risk.author !== undefined && risk.author !== risk.run && opinion?.risk === undefined;
  const claim = claimed ? `its author says ${risk.author}` : "";
  const undoes = undo !== undefined && higherRisk(risk.undo, risk.run) !== risk.run;
  return [
    ...[why, claim].filter((each) => each !== "").flatMap((each) => labelled(paint("dim", "why"), each, layout)),
    ...(undoes
      ? labelled(paint("dim", "note"), `its undo has ${risk.undo} risk: ${because(risk.undo, undo)}`, layout)
      : []),
    ...(step.run !== undefined && step.undo === undefined && changesSomething(run)
      ? labelled(paint("dim", "note"), "it has no undo", layout)
      : []),
  ];
}

/** What it takes to have it run, where that is more than a word; and who has approved it. */
function approvalLines({ step, risk, target, approvals }: ReviewedStep, layout: Layout): Text[] {
  if (step.run === undefined) return [];
  const { manner, people } = approvalRule(risk.run, target);
  const given = approvals.run.map(({ by, at }) => `${by.name} approved it at ${at}`);
  const told = [
    ...(manner === "by-hand" ? ["it is never run by this program: do it by hand"] : []),
    ...(people > 1 ? [`${people} people have to approve it`] : []),
    ...given,
  ];
  return told.flatMap((each) => labelled(paint("dim", "note"), each, layout));
}

function changesSomething(found: ReviewedStep["risk"]["classified"]["run"]): boolean {
  return found?.effects.some((effect) => effect !== "read") ?? false;
}

function needLines({ step, files, variables }: ReviewedStep, layout: Layout): Text[] {
  const needs: Text[] = [
    ...step.needs.steps.map((number) => text`step ${number}`),
    ...variables.map(({ name, present }) => (present ? text`${name}` : text`${name} ${paint("red", "(not set)")}`)),
    ...files.map(({ path, digest }) => (digest === null ? text`${path} ${paint("red", "(absent)")}` : text`${path}`)),
  ];
  if (needs.length === 0) return [];
  const plain = needs.map((need) => need.plain).join(", ");
  if (needs.every((need) => need.plain === need.painted)) return labelled(paint("dim", "needs"), plain, layout);
  return [
    label(
      paint("dim", "needs"),
      needs.reduce((all, each) => text`${all}, ${each}`),
    ),
  ];
}

/** What is sent before the commands run, and where it is in use afterwards. */
function uploadLines({ step, files, sends }: ReviewedStep, layout: Layout): Text[] {
  const { upload } = step;
  if (upload === undefined) return [];
  const digest = files.find(({ path }) => path === upload.from)?.digest ?? "not there";
  const size =
    sends === undefined ? "" : `, ${sends.files} ${sends.files === 1 ? "file" : "files"}, ${bytesText(sends.bytes)}`;
  const told = [`${upload.from}${size}`, digest, `to ${upload.to}; then ${upload.link} leads to it`];
  return told.flatMap((each, index) => labelled(index === 0 ? paint("cyan", "upload") : text``, each, layout));
}

/** The commands of a step, each line as it is; where one is longer than the screen, its next row begins with a mark. */
export function fenceLines(
  { step }: ReviewedStep,
  names: readonly ("preview" | "run" | "check" | "undo")[],
  layout: Layout,
): Text[] {
  return names.flatMap((name) => {
    const lines = step[name]?.text.split("\n") ?? [];
    const rows = lines.flatMap((line, index) =>
      wrapExactly(safeText(line, { newlines: true }), inside(layout, labelWidth)).map((row, part) => {
        if (part > 0) return text`       ${paint("dim", ">")} ${block(row)}`;
        return label(index === 0 ? paint("cyan", name === "preview" ? "look" : name) : text``, block(row));
      }),
    );
    return rows;
  });
}

/** What has changed in a step since it was last shown to a person; nothing when nothing has. */
export function changeLines({ change }: ReviewedStep, layout: Layout = {}): Text[] {
  if (change.kind !== "changed") return [];
  const signs = { same: [" ", "dim"], removed: ["-", "red"], added: ["+", "green"] } as const;
  const near = (index: number) =>
    change.lines.slice(Math.max(0, index - 1), index + 2).some(({ kind }) => kind !== "same");
  const lines = change.lines.flatMap(({ kind, text: line }, index) => {
    if (!near(index)) return [];
    const rows = wrapExactly(safeText(line, { newlines: true }), inside(layout, 6));
    return rows.map((row) => text`    ${paint(signs[kind][1], text`${signs[kind][0]} ${block(row)}`)}`);
  });
  return [text``, text`  ${paint("yellow", "Changed since the last review:")}`, ...lines];
}
