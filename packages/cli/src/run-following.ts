import type { ReviewedRunbook, ReviewedStep } from "@memomesh/runbooks";
import { approvalRule, approveStep, runStep, standing } from "@memomesh/runbooks";
import type { Attended } from "./review-loop.ts";
import { whileSigning } from "./step-approval.ts";
import { changeLines, stepLines } from "./step-lines.ts";
import { reportStep } from "./step-report.ts";
import { paint, text } from "./text.ts";

/**
 * The steps that may be run one after the other on one word: from this one on, as long as each is open, of low risk,
 * outside of production, with no blocker in the second opinion, and can be run as it is. Pure.
 */
export function lowRiskFrom({ steps }: ReviewedRunbook, number: number): readonly ReviewedStep[] {
  const from = steps.slice(number - 1);
  const end = from.findIndex((step) => !isHarmless(step));
  return end === -1 ? from : from.slice(0, end);
}

function isHarmless({ step, risk, opinion, target, problems, variables, state }: ReviewedStep): boolean {
  const now = standing(state).state;
  return (
    approvalRule(risk.run, target).manner === "together" &&
    !(opinion?.findings.some(({ severity }) => severity === "blocker") ?? false) &&
    step.run !== undefined &&
    problems.length === 0 &&
    variables.every(({ present }) => present) &&
    (now === "pending" || now === "undone")
  );
}

/**
 * Shows every step that would run, asks once, and runs them until one fails. Each is approved as it was shown: one that
 * an earlier step, or somebody else, has changed meanwhile is refused.
 */
export async function runFollowing(attended: Attended, number: number): Promise<void> {
  const { review, asker, output, screen } = attended;
  const { reviewed, by, override } = review.current;
  const steps = lowRiskFrom(reviewed, number);
  const layout = { width: output.columns, of: reviewed.steps.length };
  for (const { step } of steps.slice(1)) {
    const shown = review.step(step.number);
    output.line();
    for (const line of [...stepLines(shown, layout), ...changeLines(shown, layout)]) output.line(line);
  }
  output.line();
  const last = number + steps.length - 1;
  output.line(text`  All of low risk, none in production. They stop at the first that fails.`);
  if (!(await asker.choose(`Run steps ${number} to ${last} (yes, no)? `, { yes: true, no: false }))) return;
  const { signal } = review.current;
  for (const { step, digest } of steps) {
    await review.refresh(signal);
    output.line(paint("bold", text`Step ${step.number}: ${step.title}`));
    const decision = {
      by,
      how: "terminal",
      ...(digest !== undefined && { digest }),
      ...(override !== undefined && { override }),
    } as const;
    await whileSigning(attended, () => approveStep(review.current.reviewed, step.number, decision));
    const result = await screen.during(() => runStep(review.current, step.number));
    reportStep(attended, step.number, "run", result);
    if (standing(result.state).state !== "done") return;
  }
}
