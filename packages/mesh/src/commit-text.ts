import { type Changeset, type Memo, usageText } from "@memomesh/core";
import type { CommitText } from "@memomesh/mailbox";

const verbs = { done: "Complete", prepared: "Prepare", asked: "Ask about", declined: "Decline" } as const;

/** What the history says about a session's changeset. */
export function sessionCommit(memo: Memo, changeset: Changeset): CommitText {
  const { outcome } = changeset;
  return {
    subject: `${verbs[outcome.kind]} "${memo.header.subject}"`,
    body: outcome.notes,
    trailers: [
      ["Memo-Id", changeset.memo],
      ["Memo-From", memo.header.from ?? "operator"],
      ["Node", changeset.node],
      ["Agent", changeset.agent],
      ...(changeset.model === undefined ? [] : [["Model", changeset.model] as const]),
      ...(outcome.kind === "prepared" ? [["Runbook", outcome.runbook.path] as const] : []),
      ...(changeset.usage === undefined ? [] : [["Usage", usageText(changeset.usage)] as const]),
    ],
  };
}

export function deliveryCommit(memo: { id: string; from: string; to: readonly string[]; subject: string }): CommitText {
  return {
    subject: `Deliver "${memo.subject}" to ${memo.to.join(", ")}`,
    trailers: [["Memo-Id", memo.id], ["Memo-From", memo.from], ...memo.to.map((node) => ["Node", node] as const)],
  };
}

export function rejectionCommit(node: string, name: string, code: string, reason: string): CommitText {
  return { subject: `Reject ${name} from ${node}`, body: `${code}: ${reason}`, trailers: [["Node", node]] };
}
