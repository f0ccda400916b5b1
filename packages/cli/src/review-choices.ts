import { approvalRule, type NextAction, onlyLooks, type ReviewedStep } from "@memomesh/runbooks";
import { paint, type Text, text } from "./text.ts";
import { columnsOf } from "./wrap.ts";

/** What a person can decide on a step. */
export type Choice =
  | "run"
  | "following"
  | "again"
  | "hand"
  | "check"
  | "edit"
  | "skip"
  | "undo"
  | "undone"
  | "undo-all"
  | "withdraw"
  | "preview"
  | "stop";

/** What is typed for a choice, as a key and as a word, and what is written beside it. */
const keys: Readonly<Record<Choice, readonly [key: string, word: string, says: string]>> = {
  run: ["r", "run", "run it"],
  following: ["all", "run all", "run all of low risk from here"],
  again: ["again", "run again", "run it again"],
  hand: ["h", "hand", "done by hand"],
  check: ["c", "check", "run its check"],
  edit: ["e", "edit", "edit"],
  skip: ["s", "skip", "skip"],
  undo: ["u", "undo", "undo it"],
  undone: ["uh", "undone", "undone by hand"],
  "undo-all": ["ua", "undo all", "undo all that ran"],
  preview: ["p", "preview", "preview"],
  withdraw: ["w", "withdraw", "withdraw the approval"],
  stop: ["q", "quit", "stop here"],
};

/** What stands around a step when it is decided on. */
export interface Situation {
  readonly action: NextAction["action"];
  readonly step: ReviewedStep;
  /** Steps, this one included, that may be run on one word; see `lowRiskFrom`. */
  readonly following: number;
  /** Steps that ran and could be undone. */
  readonly undoable: number;
  readonly editable: boolean;
  /** The person has approved the step, and another one still has to. */
  readonly awaits: boolean;
}

/** The choices that make sense now, the likely ones first. Pure. */
export function choicesFor({
  action,
  step: reviewed,
  following,
  undoable,
  editable,
  awaits,
}: Situation): readonly Choice[] {
  const { step, problems, risk, target, approvals } = reviewed;
  const isFit = problems.length === 0;
  const byHand = (action: "run" | "undo") => approvalRule(risk[action], target).manner === "by-hand";
  const runs = step.run !== undefined && isFit && !byHand("run") && !awaits;
  const undoes = step.undo !== undefined && isFit && !byHand("undo");
  const undoing: readonly (Choice | false)[] = [undoes && "undo", isFit && byHand("undo") && "undone"];
  const previews = isFit && risk.classified.preview !== undefined && onlyLooks(risk.classified.preview) && "preview";
  const withdraws = approvals.run.length > 0 && "withdraw";
  const offered: Record<typeof action, readonly (Choice | false)[]> = {
    decide: [
      runs && "run",
      runs && following > 1 && "following",
      previews,
      withdraws,
      "hand",
      editable && "edit",
      "skip",
      "stop",
    ],
    resolve: [...undoing, runs && "again", withdraws, "hand", "skip", "stop"],
    check: [step.check !== undefined && "check", ...undoing, "stop"],
    repair: [
      ...undoing,
      undoable > (undoes ? 1 : 0) && "undo-all",
      runs && "again",
      withdraws,
      "hand",
      editable && "edit",
      "skip",
      "stop",
    ],
  };
  return offered[action].filter((choice) => choice !== false);
}

/** What may be typed for these choices. */
export function answersFor(choices: readonly Choice[]): Readonly<Record<string, Choice>> {
  return Object.fromEntries(choices.flatMap((choice) => keys[choice].slice(0, 2).map((typed) => [typed, choice])));
}

/** The keys of these choices. */
export function keysFor(choices: readonly Choice[]): readonly string[] {
  return choices.map((choice) => keys[choice][0]);
}

/** The choices as a person reads them, in as many lines as it takes. */
export function menuLines({ step, following }: Situation, choices: readonly Choice[], width = 80): Text[] {
  const lines: Text[] = [];
  const { number } = step.step;
  for (const choice of choices) {
    const [key, , word] = keys[choice];
    const says = choice === "following" ? `run ${number} to ${number + following - 1}, all low risk` : word;
    const entry = text`${paint("bold", key)} ${says}`;
    const line = lines.at(-1);
    const longer = line && text`${line}   ${entry}`;
    if (longer !== undefined && columnsOf(longer.plain) <= width) lines[lines.length - 1] = longer;
    else lines.push(text`  ${entry}`);
  }
  return lines;
}
