import { basename } from "node:path";
import { statePath } from "@memomesh/core";
import { parseState } from "@memomesh/core/markdown";
import { sessionFiles, stateEdits } from "@memomesh/mesh";
import * as z from "zod";
import type { Caller } from "../caller.ts";
import { makePlan } from "../commit.ts";
import { told } from "../told.ts";
import { tool } from "../tool.ts";
import { line, prose } from "../wording.ts";

const entries = (says: string) => z.array(line(1000, says)).max(50).optional();

export const state = tool({
  name: "state",
  title: "Read the state of this node",
  says: "Reads STATE.md: what is going on, what is next, and what the last session handed over. Read it first.",
  effect: "reads",
  input: {},
  output: { updated: z.string(), state: z.string() },
  use: async (caller) => {
    const source = await readStateText(caller);
    if (source === "")
      return { text: "There is no STATE.md yet; update_state makes one.", data: { updated: "", state: "" } };
    const { updated = "" } = parseState(source, "STATE.md");
    const text = told("STATE.md", `earlier sessions of ${caller.node.id}`, source);
    return { text, data: { updated, state: text } };
  },
});

export const updateState = tool({
  name: "update_state",
  title: "Bring the state of this node up to date",
  says: "Updates STATE.md of this node, section by section, and commits it. Do it last in a session: the next one knows nothing else.",
  effect: "replaces",
  input: {
    handover: prose(20_000, "Markdown that replaces the handover notes: what the next session has to know"),
    status: prose(20_000, "Markdown that replaces the status").optional(),
    progress: entries("what was done, one entry a thing"),
    next: entries("a new action"),
    done: entries("the exact text of an action that is done now"),
  },
  output: { updated: z.string(), notes: z.array(z.string()) },
  use: async (caller, report) => {
    let updated = "";
    const given = Object.entries(report).filter(([, value]) => value !== undefined);
    const present = { handover: report.handover, ...Object.fromEntries(given) };
    const notes = await makePlan(caller, async (at) => {
      updated = at.toISOString();
      return { edits: await stateEdits(caller.node, present, at), subject: `Update the state of ${caller.node.id}` };
    });
    return { text: ["STATE.md is up to date.", ...notes].join("\n"), data: { updated, notes: [...notes] } };
  },
});

/** "" when there is none. */
export async function readStateText({ mesh, node }: Caller): Promise<string> {
  return (await sessionFiles(mesh, node).read(basename(statePath(node.folder)))) ?? "";
}
