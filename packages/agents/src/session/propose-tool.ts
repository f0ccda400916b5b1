import { checkChangePath } from "@memomesh/guard";
import * as z from "zod";
import { refusal, tool } from "./tool.ts";

/** For programs, which cannot write in their copy what they obey themselves. Models use `write`. */
export const proposeChange = tool({
  name: "propose_change",
  description:
    "Proposes to the operator a change of a file in your folder that steers agents: AGENTS.md, node.yml, hooks, CI. You cannot write these. The operator sees your reason and the difference, and decides; until then nothing changes.",
  schema: z.strictObject({
    path: z.string().min(1).describe("Relative to your folder."),
    content: z.string().describe("The whole new text."),
    reason: z.string().min(1).describe("Why, for the person who decides."),
  }),
  run(desk, { path, content, reason }) {
    const { node, inside } = desk.locate(path);
    if (node !== undefined) throw refusal("write", `${path} belongs to ${node}; propose the change in a memo.`);
    if (checkChangePath(inside).allowed) throw refusal("write", `${inside} steers nobody; write it like other files.`);
    desk.put({ path: inside, content, reason });
    // What the program was shown; an edit by a person in the meantime is found.
    desk.context.files.relyOn(inside);
    return `${inside} stays as it is; the change is kept as a proposal to the operator.`;
  },
});
