import type { Changeset } from "@memomesh/core";
import type { SessionContext } from "../agent.ts";
import { mayWriteTo, senderOf } from "../correspondence.ts";
import { plain, quoted } from "../quote.ts";
import { changesetOf } from "../result.ts";

/** Answers who asked why something is as it is with what the mesh knows of it: nothing is added, nothing is guessed. */
export function tellHistory(agent: string, context: SessionContext, history: string): Changeset {
  const { memo } = context;
  const asker = senderOf(memo);
  const to = mayWriteTo(context, asker) ? asker : "operator";
  const subject = `Answer: ${plain(memo.header.subject, 80)}`;
  const answer = { to: [to], subject, type: "answer", priority: memo.header.priority, body: history } as const;
  return changesetOf(agent, context, {
    // The operator reads the completion.
    memos: asker === "operator" ? [] : [answer],
    outcome: { kind: "done", notes: history, done: [], unknown: [] },
    progress: `answered ${quoted(memo.header.subject)} of ${asker} from the history`,
    handover: `the question of ${asker} was answered from the history; nothing of it is open here.`,
  });
}
