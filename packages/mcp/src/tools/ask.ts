import { relative } from "node:path";
import { Exit, MeshError, parseMemo, sha256, withHeader } from "@memomesh/core";
import { route, sentMemo } from "@memomesh/mesh";
import type { Caller } from "../caller.ts";
import { makePlan, type Plan } from "../commit.ts";
import { openOwnMemo } from "../own-memo.ts";
import { tool } from "../tool.ts";
import { line, memoReference, prose } from "../wording.ts";
import { checkSize, longestBody, sendDraft, sentAnswer, sentOutput } from "./send-memo.ts";

export const ask = tool({
  name: "ask",
  title: "Ask a question",
  says: "Sends a question to one node, or to the person (operator). With `about`, that memo of the inbox then waits for the answer. The answer arrives in the inbox; nothing is to be assumed before.",
  effect: "adds",
  input: {
    to: line(63, 'a node, or "operator" for the person'),
    subject: line(200, "the question in one line"),
    body: prose(longestBody, "what has to be known, why, and what is known already"),
    about: memoReference("the memo of the inbox that cannot be worked on without the answer").optional(),
  },
  output: sentOutput,
  use: async (caller, { about, ...question }) => {
    if (about !== undefined) return sentAnswer(await askAbout(caller, about, question));
    return sentAnswer(await sendDraft(caller, { ...question, to: [question.to], type: "question" }));
  },
});

interface Question {
  readonly to: string;
  readonly subject: string;
  readonly body: string;
}

/** The question and the memo that waits for its answer are written together or not at all. */
async function askAbout(caller: Caller, about: string, { to, subject, body }: Question) {
  const { mesh, node } = caller;
  let id = "";
  await makePlan(caller, async (at): Promise<Plan> => {
    const { path, box, memo } = await openOwnMemo(caller, about);
    const { header, source } = memo;
    if (box !== "incoming" || header.status === "prepared") {
      const sentence = `"${header.subject}" ${box === "incoming" ? "waits for a person's review" : `is in ${box}`}; only a memo of the inbox can wait for an answer`;
      throw new MeshError("memo.not-waiting", sentence, { exit: Exit.usage });
    }
    const outgoing = { to: [to], subject, body, type: "question", priority: header.priority } as const;
    const sent = sentMemo(node, outgoing, header, header.id, at);
    const text = sent.edit.after ?? "";
    checkSize(text, mesh.config.policy.maxMemoBytes);
    route(parseMemo(text, relative(node.folder, sent.edit.path)), { node: node.id, box: "outgoing" }, mesh, header);
    id = sent.id;
    const waiting = withHeader(source, { status: "asked", question: id });
    return {
      edits: [sent.edit, { path, before: sha256(source), after: waiting }],
      subject: `Ask about "${header.subject}"`,
      body: `Question to ${to}: ${subject}`,
      trailers: [
        ["Memo-Id", header.id ?? ""],
        ["Memo-From", header.from ?? "operator"],
      ],
    };
  });
  return { id, from: node.id, to: [to], subject };
}
