import { MeshError } from "@memomesh/core";
import { openMemo } from "../own-memo.ts";
import { tool } from "../tool.ts";
import { memoReference, prose } from "../wording.ts";
import { continued, longestBody, sendDraft, sentAnswer, sentOutput } from "./send-memo.ts";

export const reply = tool({
  name: "reply",
  title: "Answer a memo",
  says: "Answers a memo of this node's mailbox; its sender gets the answer. The memo itself stays where it is until complete_memo.",
  effect: "adds",
  input: { memo: memoReference("the memo to answer"), body: prose(longestBody, "the answer, as Markdown") },
  output: sentOutput,
  use: async (caller, { memo: reference, body }) => {
    const { memo } = await openMemo(caller, reference);
    const { id, from, subject, priority } = memo.header;
    if (id === undefined || from === undefined) {
      throw new MeshError("memo.no-sender", `memo ${reference} does not say who sent it, so it cannot be answered`);
    }
    const answer = { type: "answer", subject: /^re: /i.test(subject) ? subject : `Re: ${subject}` } as const;
    const before = await continued(caller, reference);
    return sentAnswer(await sendDraft(caller, { ...answer, to: [from], priority, re: id, body, ...before }));
  },
});
