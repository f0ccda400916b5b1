import { type Priority, priorities } from "@memomesh/core";
import type { MemoFile } from "./memo-file.ts";

/** What a node's agent does next: a memo of its inbox, with the answers that belong to it. */
export interface NextWork {
  readonly memo: MemoFile;
  readonly answers: readonly MemoFile[];
}

/**
 * Chooses what to work on next from what lies in an inbox. Pure.
 *
 * A memo with a status waits for a person or for an answer; an answer to a question that was asked here wakes the memo
 * that waits for it. Urgent before high before normal before low, and the older one first.
 *
 * @param busy ids of memos that are not to be taken now: in a session, or failed and waiting for their next try
 */
export function nextWork(inbox: readonly MemoFile[], busy: ReadonlySet<string>): NextWork | undefined {
  const waiting = new Map(
    inbox.flatMap((file) =>
      file.memo.header.status === "asked" && file.memo.header.question
        ? [[file.memo.header.question, file] as const]
        : [],
    ),
  );
  const candidates: NextWork[] = [];
  for (const file of inbox) {
    const { id, status, re } = file.memo.header;
    if (id === undefined || status !== undefined || busy.has(id)) continue;
    const asked = re === undefined ? undefined : waiting.get(re);
    if (asked === undefined) candidates.push({ memo: file, answers: [] });
    else if (!busy.has(asked.memo.header.id ?? "")) candidates.push({ memo: asked, answers: [file] });
  }
  return candidates.sort(byUrgency)[0];
}

function byUrgency(a: NextWork, b: NextWork): number {
  const rank = (priority: Priority) => -priorities.indexOf(priority);
  const { header: one } = a.memo.memo;
  const { header: other } = b.memo.memo;
  return rank(one.priority) - rank(other.priority) || ((one.id ?? "") < (other.id ?? "") ? -1 : 1);
}
