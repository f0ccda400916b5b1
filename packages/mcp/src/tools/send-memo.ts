import {
  Exit,
  isFromOutside,
  isThird,
  type MemoDraft,
  MeshError,
  memoTypes,
  printMemo,
  priorities,
} from "@memomesh/core";
import { type SentMemo, sendMemo } from "@memomesh/mesh";
import * as z from "zod";
import type { Caller } from "../caller.ts";
import { openMemo } from "../own-memo.ts";
import { tool } from "../tool.ts";
import { line, memoReference, prose } from "../wording.ts";

/** The longest text of a memo, in UTF-16 units; a mesh may allow less. */
export const longestBody = 200_000;

const recipients = z
  .array(line(63, 'a node, "operator" for the person, or "*" for everyone that this node may write to'))
  .min(1)
  .max(50)
  .describe("who gets it; status tells to whom this node may write");

export const sentOutput = { id: z.string(), from: z.string(), to: z.array(z.string()), subject: z.string() };

export const send = tool({
  name: "send_memo",
  title: "Send a memo",
  says: "Sends a memo in this node's name to nodes that its grants allow, or to the person (operator). It is delivered by `memomesh watch` or the next `memomesh run`. Use reply to answer a memo, and ask for a question.",
  effect: "adds",
  input: {
    to: recipients,
    subject: line(200, "what it is about"),
    body: prose(longestBody, "Markdown below the heading: context, then action items as a task list"),
    type: z.enum(memoTypes).default("ask"),
    priority: z.enum(priorities).default("normal"),
    about: memoReference("the memo that this one was written about, when there is one").optional(),
  },
  output: sentOutput,
  use: async (caller, { about, ...draft }) => {
    if (about === undefined) return sentAnswer(await sendDraft(caller, draft));
    await refuseThird(caller, about, draft.to);
    return sentAnswer(await sendDraft(caller, { ...draft, ...(await continued(caller, about)) }));
  },
});

/**
 * Where a memo stands in the conversation that it continues. What agents set off comes to an end: each memo is one hop
 * further than the one it was written about.
 */
export async function continued(caller: Caller, about: string): Promise<Pick<MemoDraft, "thread" | "hops" | "origin">> {
  const { header } = (await openMemo(caller, about)).memo;
  const { id, thread = id, hops } = header;
  return {
    hops: hops + 1,
    ...(thread === undefined ? {} : { thread }),
    ...(isFromOutside(header) ? { origin: "outside" } : {}),
  };
}

/** @throws MeshError `memo.outside` when a memo that brings words from outside would set off one to a third node */
async function refuseThird(caller: Caller, about: string, to: readonly string[]): Promise<void> {
  const { header } = (await openMemo(caller, about)).memo;
  const third = to.filter((id) => isThird(id, header));
  if (!isFromOutside(header) || third.length === 0) return;
  throw new MeshError(
    "memo.outside",
    `"${header.subject}" brings words from outside of the mesh, so nothing about it is sent to ${third.join(", ")}; propose it to the operator, who can send it`,
    { exit: Exit.notPermitted },
  );
}

/** @throws MeshError `memo.*` when it may not be sent; then nothing was written */
export async function sendDraft({ mesh, node }: Caller, draft: MemoDraft): Promise<SentMemo> {
  const source = printMemo(draft);
  checkSize(source, mesh.config.policy.maxMemoBytes);
  return sendMemo(mesh, node, source, `memo "${draft.subject}"`, new Date());
}

/** @throws MeshError `memo.size`, as the router would say it later */
export function checkSize(source: string, most: number): void {
  const bytes = Buffer.byteLength(source);
  if (bytes <= most) return;
  throw new MeshError(
    "memo.size",
    `the memo has ${bytes} bytes; this mesh delivers at most ${most} (policy.maxMemoBytes)`,
  );
}

type Sent = Omit<SentMemo, "path">;

export function sentAnswer({ id, from, to, subject }: Sent): {
  text: string;
  data: { id: string; from: string; to: string[]; subject: string };
} {
  const text = `Memo ${id} lies in the outgoing folder of ${from}, to ${to.join(", ")}. \`memomesh watch\` or \`memomesh run\` delivers it.`;
  return { text, data: { id, from, to: [...to], subject } };
}
