import { join } from "node:path";
import {
  Exit,
  MeshError,
  memoFileName,
  newId,
  printRunbook,
  type Runbook,
  runbooksFolder,
  sha256,
  withHeader,
} from "@memomesh/core";
import { completeMemo, parseRunbook } from "@memomesh/core/markdown";
import { checkChangePath } from "@memomesh/guard";
import { draftProblems, type FileEdit, sessionFiles } from "@memomesh/mesh";
import * as z from "zod";
import type { Caller } from "../caller.ts";
import { makePlan, type Plan } from "../commit.ts";
import { type OpenMemo, openOwnMemo } from "../own-memo.ts";
import { tool } from "../tool.ts";
import { checkedAnswer, checkedOutput } from "./runbook-check.ts";
import { type Draft, draftInput, stepDraft } from "./runbook-input.ts";

export const runbookDraft = tool({
  name: "runbook_draft",
  title: "Write a runbook for a person to review",
  says: "Writes runbooks/<name>.md of this node: ordered steps (run, check, undo) that wait for a person. Nothing is run. The answer says what a review would find; mend errors by calling again with the same name and replace.",
  effect: "replaces",
  input: draftInput,
  output: {
    ...checkedOutput,
    file: z.string(),
    review: z.string().describe("the command with which a person decides"),
  },
  use: async (caller, draft) => {
    const { node } = caller;
    let name = "";
    await makePlan(caller, async (at) => {
      const plan = await planDraft(caller, draft, at);
      name = plan.name;
      return plan;
    });
    const { text, data } = await checkedAnswer(caller, { node, path: join(runbooksFolder(node.folder), name) });
    const file = `runbooks/${name}`;
    const review = `memomesh review ${name.replace(/\.md$/, "")}`;
    return { text: `${text}\nIt waits for a person: ${review}`, data: { ...data, file, review } };
  },
});

async function planDraft(caller: Caller, draft: Draft, at: Date): Promise<Plan & { name: string }> {
  const { node } = caller;
  const asked = draft.memo === undefined ? undefined : await openOwnMemo(caller, draft.memo);
  const fresh = newId(at.getTime());
  const created = at.toISOString();
  const wanted = asked?.memo.header.id;
  const name = draft.name === undefined ? memoFileName(draft.title, created, wanted ?? fresh) : `${draft.name}.md`;
  const allowed = checkChangePath(`runbooks/${name}`);
  if (!allowed.allowed) throw refused(`runbooks/${name}: ${allowed.reason}`);
  const before = await existing(caller, name, draft.replace);
  const memo = before?.runbook.memo ?? wanted;
  if (wanted !== undefined && memo !== wanted) throw refused(`${name} answers another memo, ${memo}`);
  const source = printRunbook({
    id: before?.runbook.id ?? `rb-${fresh}`,
    created: before?.runbook.created ?? created,
    node: node.id,
    target: draft.target,
    title: draft.title,
    what: draft.what,
    unknown: draft.unknown,
    rollback: draft.rollback,
    steps: draft.steps.map(stepDraft),
    ...(memo === undefined ? {} : { memo }),
  });
  checkDraft(caller, source, `runbooks/${name}`);
  const path = join(runbooksFolder(node.folder), name);
  const written: FileEdit = { path, before: before?.digest ?? null, after: source };
  const waiting = asked === undefined ? [] : [preparedMemo(caller, asked, draft, name, at)];
  return {
    name,
    edits: [written, ...waiting.flat()],
    subject: `${before === undefined ? "Draft" : "Redraft"} the runbook "${draft.title}"`,
    trailers: [...(memo === undefined ? [] : [["Memo-Id", memo] as const]), ["Runbook", `runbooks/${name}`]],
  };
}

/** The runbook that is going to be replaced. It keeps its id, by which its journal knows it, and its memo. */
async function existing(
  { mesh, node }: Caller,
  name: string,
  replace: boolean,
): Promise<{ runbook: Runbook; digest: string } | undefined> {
  const file = `runbooks/${name}`;
  const source = await sessionFiles(mesh, node).read(file);
  if (source === undefined) return undefined;
  if (replace) return { runbook: parseRunbook(source, file), digest: sha256(source) };
  const sentence = `${file} is there already; set replace, or choose another name`;
  throw new MeshError("runbook.exists", sentence, { exit: Exit.usage });
}

/** What could never be approved, or names what the node may not see, is not put before a person. */
function checkDraft({ mesh, node }: Caller, source: string, file: string): void {
  const [problem] = draftProblems(parseRunbook(source, file), source, mesh, node);
  if (problem !== undefined) throw refused(problem);
}

/** The memo waits for its runbook from now on, as after a session; one that does already is left as it is. */
function preparedMemo(
  { node, agent }: Caller,
  { memo, box, path }: OpenMemo,
  { title, unknown }: Draft,
  name: string,
  at: Date,
): FileEdit[] {
  const { status, runbook, subject } = memo.header;
  const file = `runbooks/${name}`;
  if (box !== "incoming") throw refused(`"${subject}" is in ${box}; only a memo of the inbox gets a runbook`);
  if (status === "prepared" && runbook === file) return [];
  if (status === "prepared") throw refused(`"${subject}" has its runbook already: ${runbook}`);
  const completed = completeMemo(memo, {
    by: node.id,
    agent,
    at: at.toISOString(),
    notes: `Prepared the runbook "${title}".`,
    done: [],
    runbook: file,
    unknown,
  });
  const after = withHeader(completed, { status: "prepared", question: undefined, runbook: file });
  return [{ path, before: sha256(memo.source), after }];
}

function refused(sentence: string): MeshError {
  return new MeshError("runbook.refused", `the runbook was not written: ${sentence}`, { exit: Exit.notPermitted });
}
