import { relative, resolve } from "node:path";
import { Exit, MeshError } from "@memomesh/core";
import type { LogEntry } from "@memomesh/mailbox";
import { readDecisions, readRunbook, repositoriesOf, sessionFiles } from "@memomesh/mesh";
import { endText, type JournalEvent, type Person } from "@memomesh/runbooks";
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

async function aboutMemo(caller: Caller, reference: string): Promise<LogEntry[]> {
  const { id } = (await openMemo(caller, reference)).memo.header;
  return id === undefined ? [] : readDecisions(caller.mesh, { memo: id, limit: most });
}

/** @throws MeshError `session.read.denied` when the file is not granted: then its history is not either */
async function aboutFile({ mesh, node }: Caller, path: string): Promise<LogEntry[]> {
  const inMesh = sessionFiles(mesh, node).meshPath(path);
  return commitsOf(mesh, resolve(mesh.root, inMesh));
}

async function commitsOf(mesh: Caller["mesh"], file: string): Promise<LogEntry[]> {
  const logs = await Promise.all(
    (await repositoriesOf(mesh)).map(async (repository) => {
      const inside = relative(repository.workTree, file);
      if (inside.startsWith("..")) return [];
      return (await repository.log()).filter(({ paths }) => paths.includes(inside));
    }),
  );
  return logs.flat().slice(0, most);
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
  const commits = await commitsOf(caller.mesh, file.path);
  const events = journal.events.flatMap((event) => ("step" in event && event.step === number ? eventText(event) : []));
  return answer(commits, events);
}

function eventText(event: JournalEvent): string[] {
  const said = (text: string) => [shortly(`${event.at} ${text}`)];
  switch (event.type) {
    case "approved":
      return said(`${event.action} approved by ${personText(event.by)} (${event.how})`);
    case "started":
      return said(`${event.phase} started at ${event.target} for ${personText(event.by)}`);
    case "finished":
      return said(`${event.phase}: ${endText(event.end)}`);
    case "by-hand":
      return said(`done by hand by ${personText(event.by)}${event.note === undefined ? "" : `: ${event.note}`}`);
    case "skipped":
      return said(`skipped by ${personText(event.by)}: ${event.reason}`);
    default:
      return [];
  }
}

function personText({ name, email }: Person): string {
  return email === "" ? name : `${name} <${email}>`;
}

function answer(commits: readonly LogEntry[], events: string[]) {
  const decisions = commits.map(decisionOf);
  const lines = decisions.map(({ at, what, author, memo, agent, approvedBy, commit }) => {
    const facts = [memo && `memo ${memo}`, agent && `agent ${agent}`, approvedBy && `approved by ${approvedBy}`];
    return `- ${at} ${what} (${[author, ...facts.filter((each) => each !== ""), commit.slice(0, 10)].join(", ")})`;
  });
  const none = "The history of the mesh does not tell: no commit of a memo, session or runbook has touched it.";
  return { text: [...lines, ...events.map((each) => `- ${each}`)].join("\n") || none, data: { decisions, events } };
}

function decisionOf({ date, subject, author, trailers, hash }: LogEntry): z.output<typeof decision> {
  const trailer = (name: string) => shortly(trailers.find(([found]) => found === name)?.[1] ?? "");
  return {
    at: date,
    what: shortly(subject),
    author: shortly(personText(author)),
    memo: trailer("Memo-Id"),
    agent: trailer("Agent"),
    model: trailer("Model"),
    approvedBy: trailer("Approved-By"),
    commit: hash,
  };
}
