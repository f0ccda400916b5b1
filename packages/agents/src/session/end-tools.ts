import * as z from "zod";
import { refusal, tool } from "./tool.ts";

const demand =
  "The next session remembers nothing but STATE.md. Call finish again, with all that you have just said and with handover: what whoever comes next has to know about this memo, where it stands, and what to look out for. This is asked once.";

export const finish = tool({
  name: "finish",
  description:
    "Ends the session: the work is done, or as much of it as an agent may do. When a runbook was written it now waits for a person. Call it last, once.",
  schema: z.strictObject({
    notes: z
      .string()
      .min(1)
      .describe("Completion notes for the sender, in Markdown: what was done, where it lies, what a person has to do."),
    done: z
      .array(z.int())
      .optional()
      .describe(
        "Numbers of the memo's action items that are really done now. What a step of the runbook will do is not done.",
      ),
    unknown: z.array(z.string().min(1)).optional().describe("What you do not know or have assumed, one sentence each."),
    handover: z
      .string()
      .min(1)
      .optional()
      .describe(
        "Handover notes for STATE.md. Left out when update_state has them already; one of both must have them.",
      ),
  }),
  run(desk, { notes, done = [], unknown = [], handover }) {
    const { items } = desk.context.body;
    const wrong = done.filter((index) => !items.some((item) => item.index === index));
    if (wrong.length > 0) {
      const known = items.length === 0 ? "it has none" : `they are numbered 0 to ${items.length - 1}`;
      throw refusal("item", `The memo has no action item ${wrong.join(", ")}; ${known}. The session goes on.`);
    }
    const told = { notes, done: [...new Set(done)].sort((a, b) => a - b), unknown };
    const { runbook } = desk;
    if (handover !== undefined) desk.report({ handover });
    const lack = desk.endWithHandover(
      runbook === undefined ? { kind: "done", ...told } : { kind: "prepared", ...told, runbook },
    );
    return lack === undefined ? "The session has ended." : `The session has not ended yet: ${lack}. ${demand}`;
  },
});

export const decline = tool({
  name: "decline",
  description:
    "Ends the session without doing what the memo wants, because nobody here can or should do it. Say why, and what would have to be different.",
  schema: z.strictObject({ reason: z.string().min(1).describe("Markdown, for the sender.") }),
  run(desk, { reason }) {
    desk.end({ kind: "declined", notes: reason });
    return "The session has ended.";
  },
});
