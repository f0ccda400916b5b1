import { resolve } from "node:path";
import { Exit, MeshError } from "@memomesh/core";
import { readDecisions, readRunbook, sessionFiles } from "@memomesh/mesh";
import { type Decision, decisionOf, fileLog, stepEvents } from "@memomesh/mesh/why";
import * as z from "zod";
import type { Caller } from "../caller.ts";
import { openMemo } from "../own-memo.ts";
import { openableRunbook } from "../runbook.ts";
import { shortly } from "../told.ts";
import { tool } from "../tool.ts";
import { line, memoReference } from "../wording.ts";

const most = 50;

const decision = z.object({
  at: z.string(),
  what: z.string(),
  author: z.string(),
  memo: z.string(),
  agent: z.string(),
  model: z.string(),
  approvedBy: z.string().describe('the person who approved; "" when it was no approval'),
  commit: z.string(),
});

export const why = tool({
  name: "why",
  title: "Who decided this, and when",
  says: "Tells from the history which memo, agent, model and person decided something: a file of this node (or a granted <node>:<path>), a step of a runbook, or all that came of a memo. Give one of them.",
  effect: "reads",
  input: {
    path: line(1100, "a path in this node's folder, or <node>:<path>").optional(),
    runbook: line(200, "a runbook of this node; with step").optional(),
    step: z.int().min(1).max(1000).optional(),
    memo: memoReference("a memo of this node's mailbox").optional(),
  },
  output: {
    decisions: z.array(decision),
    events: z.array(z.string()).describe("what happened to the step, oldest first"),
  },
  use: async (caller, { path, runbook, step, memo }) => {
    if (
      [path, runbook, memo].filter((each) => each !== undefined).length !== 1 ||
      (runbook === undefined) !== (step === undefined)
    ) {
      throw new MeshError("mcp.why", "give a path, or a runbook and a step, or a memo", { exit: Exit.usage });
    }
    if (memo !== undefined) return answer(await aboutMemo(caller, memo), []);
    if (path !== undefined) return answer(await aboutFile(caller, path), []);
    return aboutStep(caller, runbook ?? "", step ?? 0);
  },
});

async function aboutMemo(caller: Caller, reference: string): Promise<Decision[]> {
  const { id } = (await openMemo(caller, reference)).memo.header;
  const commits = id === undefined ? [] : await readDecisions(caller.mesh, { memo: id, limit: most });
  return commits.map((commit) => decisionOf(commit));
}

/** @throws MeshError `session.read.denied` when the file is not granted: then its history is not either */
async function aboutFile({ mesh, node }: Caller, path: string): Promise<Decision[]> {
  return decisionsOn(mesh, resolve(mesh.root, sessionFiles(mesh, node).meshPath(path)));
}

async function decisionsOn(mesh: Caller["mesh"], file: string): Promise<Decision[]> {
  const { commits } = await fileLog(mesh, file);
  return commits.slice(0, most).map((commit) => decisionOf(commit, file));
}

async function aboutStep(caller: Caller, name: string, number: number) {
  const file = await openableRunbook(caller, name);
  const { reviewed, problem } = await readRunbook(caller.mesh, file);
  if (reviewed === undefined) throw problem;
  const { runbook, journal } = reviewed;
  if (runbook.steps[number - 1] === undefined) {
    const sentence = `"${runbook.title}" has ${runbook.steps.length} steps; there is no step ${number}`;
    throw new MeshError("runbook.step", sentence, { exit: Exit.usage });
  }
  return answer(await decisionsOn(caller.mesh, file.path), stepEvents(journal.events, number).map(shortly));
}

function answer(told: readonly Decision[], events: string[]) {
  const decisions = told.map(({ at, what, author, memo, agent, model, approvedBy, commit }) => {
    const said = { what, author, memo, agent, model, approvedBy };
    const short = Object.entries(said).map(([name, words]) => [name, shortly(words)]);
    return { at, commit, ...(Object.fromEntries(short) as typeof said) };
  });
  const lines = decisions.map(({ at, what, author, memo, agent, approvedBy, commit }) => {
    const facts = [memo && `memo ${memo}`, agent && `agent ${agent}`, approvedBy && `approved by ${approvedBy}`];
    return `- ${at} ${what} (${[author, ...facts.filter((each) => each !== ""), commit.slice(0, 10)].join(", ")})`;
  });
  const none = "The history of the mesh does not tell: no commit has touched it.";
  return { text: [...lines, ...events.map((each) => `- ${each}`)].join("\n") || none, data: { decisions, events } };
}
