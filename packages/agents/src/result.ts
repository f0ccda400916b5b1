import { type Changeset, idSuffix, type Memo } from "@memomesh/core";
import { parseState } from "@memomesh/core/markdown";
import type { SessionKnowledge } from "./agent.ts";
import { questionsAsked } from "./correspondence.ts";
import { handoverWith } from "./handover.ts";

/** What a session came to, without what every changeset holds. */
export type Result = Pick<Changeset, "outcome"> &
  Partial<Pick<Changeset, "files" | "memos">> & {
    readonly status?: string;
    /** One line for the progress list. */
    readonly progress: string;
    /** One line for whoever comes next and remembers nothing. */
    readonly handover: string;
  };

/** The changeset of a session, with what it leaves behind for the next one. */
export function changesetOf(agent: string, context: SessionKnowledge, result: Result): Changeset {
  const { session, node, memo, files } = context;
  const { outcome, status, progress, handover } = result;
  const waiting = waitingFor(memo);
  return {
    session,
    node: node.id,
    memo: memo.header.id ?? "",
    agent,
    base: files.base(),
    files: result.files ?? [],
    memos: result.memos ?? [],
    state: {
      ...(status === undefined ? {} : { status }),
      progress: [progress],
      handover: handoverWith(parseState(context.state, "STATE.md").handover, shortId(memo), handover),
      ...(outcome.kind === "asked" ? { next: [waiting] } : {}),
      ...(questionsAsked(memo) > 0 ? { done: [waiting] } : {}),
    },
    outcome,
  };
}

/** The action that stands in STATE.md while a memo waits for an answer; no Markdown, so that it is found again. */
function waitingFor(memo: Memo): string {
  return `Go on with memo ${shortId(memo)} when the answer is here`;
}

/** The end of a memo's id, as its file name has it. */
export function shortId({ header }: Memo): string {
  return idSuffix(header.id ?? "");
}
