import { approvalRule, approveStep } from "@memomesh/runbooks";
import type { Attended } from "./review-loop.ts";
import { paint, text } from "./text.ts";

/**
 * Takes a person's approval of a step or of its undo, as the rule for its risk and target wants it.
 *
 * @returns whether it may run now; not when it was not approved, or when another person has to approve it too
 * @throws MeshError when it is refused
 */
export async function approveAtTerminal(
  attended: Attended,
  number: number,
  action: "run" | "undo",
  again = false,
): Promise<boolean> {
  const { review, asker, output } = attended;
  const { by, reviewed, override } = review.current;
  const { risk, target } = review.step(number);
  const name = target?.name ?? "";
  const isTyped = approvalRule(risk[action], target).manner === "typed";
  const typed = isTyped ? await asker.ask(`High risk. Type ${name} to ${action} it there: `) : undefined;
  if (isTyped && typed !== name) {
    output.line(text`  not approved: that is not ${name}`);
    return false;
  }
  const decision = {
    by,
    how: "terminal",
    action,
    again,
    ...(typed !== undefined && { target: typed }),
    ...(override !== undefined && { override }),
  } as const;
  const { missing } = await whileSigning(attended, () => approveStep(reviewed, number, decision));
  if (missing === 0) return true;
  review.recordStep(number, action === "run" ? "Approve" : "Approve the undo of");
  const others = missing === 1 ? "one other person" : `${missing} other people`;
  output.line(text`  ${paint("green", "approved")}  It waits for ${others}, who run memomesh review too.`);
  return false;
}

/** Approves; where that takes a signature, the terminal is ssh-keygen's meanwhile, which may ask for a pass phrase. */
export function whileSigning<T>({ review, asker }: Attended, approve: () => Promise<T>): Promise<T> {
  return signsHere(review) ? asker.lend(approve) : approve();
}

/** Whether this person's approvals are signed. */
export function signsHere({ current }: Attended["review"]): boolean {
  return current.reviewed.signatures?.key !== undefined;
}
