import { type MemoType, printMemo } from "@memomesh/core";
import type { Mesh, MeshNode } from "../load.ts";
import { type SentMemo, sendMemo } from "../send.ts";

/** Something that a person at the terminal wants a node to work on now. */
export interface Request {
  readonly to: MeshNode;
  readonly type: Extract<MemoType, "ask" | "answer" | "stage">;
  readonly subject: string;
  /** Markdown below the heading. */
  readonly body: string;
  /** Id of the memo that it answers or goes on from, and that of its thread. */
  readonly re?: string;
  readonly thread?: string;
}

/** Longest subject that is made of a request, in characters. */
const longestSubject = 80;

/** The operator's request in people's words: its first sentence is the subject, and the whole is the body. */
export function worded(text: string): Pick<Request, "subject" | "body"> {
  const body = text.trim();
  const line = body.split(/\r?\n/, 1)[0]?.replace(/^#+\s*/, "") ?? "";
  const [sentence = line] = line.split(/(?<=[.?!])\s/, 1);
  if (sentence.length <= longestSubject) return { subject: sentence, body: sentence === body ? "" : body };
  const cut = sentence.lastIndexOf(" ", longestSubject);
  return { subject: `${sentence.slice(0, cut > longestSubject / 2 ? cut : longestSubject)} …`, body };
}

/**
 * Writes the request as a memo from the operator. Somebody waits for it, so that it goes before what is normal.
 *
 * @throws MeshError `memo.*`; then nothing was written
 */
export function sendRequest(mesh: Mesh, { to, ...draft }: Request, at: Date): Promise<SentMemo> {
  const source = printMemo({ ...draft, to: [to.id], priority: "high" });
  return sendMemo(mesh, mesh.nodes.get("operator") as MeshNode, source, "the request", at, "when-required");
}
