import { Exit, MeshError } from "@memomesh/core";
import { completeByHand } from "@memomesh/mesh";
import * as z from "zod";
import { openOwnMemo } from "../own-memo.ts";
import { tool } from "../tool.ts";
import { memoReference, prose } from "../wording.ts";

export const complete = tool({
  name: "complete_memo",
  title: "Complete and archive a memo",
  says: "Completes a memo of this node's inbox: ticks the action items that were really done, adds completion notes, archives and commits it. Not for a memo whose runbook waits for a person: that one is completed by their review.",
  effect: "replaces",
  input: {
    memo: memoReference("a memo of the inbox"),
    notes: prose(50_000, "what was done, what was left out, what is not known"),
    done: z
      .array(z.int().min(1).max(1000))
      .max(1000)
      .default([])
      .describe("numbers of the action items that were done, as read_memo gives them"),
  },
  output: { id: z.string(), subject: z.string(), file: z.string() },
  use: async (caller, { memo: reference, notes, done }) => {
    const { mesh, node, agent } = caller;
    const { memo } = await openOwnMemo(caller, reference);
    if (memo.header.status === "prepared") {
      const sentence = `"${memo.header.subject}" waits for a person's review of ${memo.header.runbook}; it is completed there`;
      throw new MeshError("memo.prepared", sentence, { exit: Exit.notPermitted });
    }
    const said = `${notes.trimEnd()}\n\nWorked on by ${agent}.`;
    const { id, subject, path } = await completeByHand(mesh, node, reference, { notes: said, tick: done });
    const file = path.slice(node.folder.length + 1);
    return { text: `"${subject}" is done and lies in ${file}.`, data: { id, subject, file } };
  },
});
