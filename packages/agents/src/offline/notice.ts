import type { Changeset } from "@memomesh/core";
import type { SessionContext } from "../agent.ts";
import { senderOf } from "../correspondence.ts";
import { quoted } from "../quote.ts";
import { changesetOf, shortId } from "../result.ts";

/** Takes note of a memo that wants nothing: a notice, or an answer to nothing that was asked here. */
export function acknowledge(agent: string, context: SessionContext): Changeset {
  const { memo } = context;
  const sender = senderOf(memo);
  const what = memo.header.type === "answer" ? "An answer to nothing that waits here" : "A notice";
  return changesetOf(agent, context, {
    outcome: { kind: "done", notes: `${what}; noted in STATE.md.`, done: [], unknown: [] },
    progress: `noted ${quoted(memo.header.subject)} of ${sender} (memo ${shortId(memo)})`,
    handover: `${quoted(memo.header.subject)} of ${sender} was noted; nothing was to be done.`,
  });
}
