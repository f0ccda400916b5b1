import { MeshError, memoFileName, printRunbook, type Runbook, risks, type StepDraft } from "@memomesh/core";
import { parseRunbook } from "@memomesh/core/markdown";
import { unsafeCharacters } from "@memomesh/guard";
import * as z from "zod";
import type { Desk } from "./desk.ts";
import { reviewNotes } from "./runbook-notes.ts";
import { refusal, tool } from "./tool.ts";

const strings = (what: string) => z.array(z.string().min(1)).optional().describe(what);
const commands = (what: string) => z.string().min(1).optional().describe(what);

const step = z.strictObject({
  title: z.string().min(1).describe("What it does, on one line."),
  risk: z.enum(risks).describe("Your honest opinion. It is classified again, and only ever raised."),
  timeout: z.int().min(1).max(86_400).optional().describe("Seconds; 300 when left out."),
  target: z.string().optional().describe("Only when it is not that of the runbook."),
  needs: z
    .strictObject({
      steps: z.array(z.int().min(1)).optional().describe("Numbers of earlier steps that must have run."),
      env: strings("Names of variables that a person provides."),
      files: strings(
        "Every file and folder that the commands use below $MESH, relative to the mesh's root. An approval covers their content.",
      ),
    })
    .optional(),
  upload: z
    .strictObject({
      from: z.string().min(1).describe("The folder with the release, relative to the mesh's root."),
      to: z.string().min(1).describe("A new folder below the target's, such as releases/1.4.2."),
      link: z.string().min(1).describe("The link below the target's folder that is to lead to it, such as current."),
    })
    .optional()
    .describe(
      "Sends a folder to the target, compares its digest there and switches the link in one rename. Its run and undo are generated: leave them out. The way to bring files to a host, where $MESH is not.",
    ),
  explanation: z
    .string()
    .min(1)
    .describe("Markdown for the person who decides: what happens, what may go wrong, what to look at."),
  run: commands(
    "Shell commands (bash -e -u -o pipefail, in the target's folder). Left out: a person does the step by hand as explained.",
  ),
  check: commands("Commands that fail when the step has not worked. They change nothing."),
  undo: commands("Commands that take the step back."),
});

export const writeRunbook = tool({
  name: "write_runbook",
  description:
    "Writes the runbook of this session: ordered steps for a target, which a person approves one by one. You get back how each step is classified. Calling it again replaces what you wrote before.",
  schema: z.strictObject({
    title: z.string().min(1).describe("For example: Deploy shop 1.4.2 to staging."),
    target: z.string().describe("Name of a target."),
    what: z.string().min(1).describe("Markdown: what this does and for whom."),
    unknown: strings("What is not known or was assumed, one sentence each."),
    rollback: z.string().min(1).describe("Markdown: how to go back later, when the runbook is closed."),
    steps: z.array(step).min(1).describe("In order; what changes nothing and what is easily undone first."),
  }),
  async run(desk, { title, target, what, unknown = [], rollback, steps }) {
    const { memo, node, now, session } = desk.context;
    const path = desk.runbook?.path ?? (await freePath(desk, title));
    const source = printRunbook({
      id: `rb-${session}`,
      ...(memo.header.id === undefined ? {} : { memo: memo.header.id }),
      node: node.id,
      target,
      created: now,
      title,
      what,
      unknown,
      rollback,
      steps: steps.map(draftOf),
    });
    const runbook = readable(source, path);
    checkTargets(desk, runbook);
    for (const file of new Set(runbook.steps.flatMap(({ needs }) => needs.files))) await checkFile(desk, file);
    desk.draft({ path, source });
    return [
      `${path} is drafted; it waits for a person when you finish.`,
      ...reviewNotes(runbook, desk.context.guard?.programs),
    ].join("\n");
  },
});

type StepInput = z.infer<typeof step>;

function draftOf({ title, risk, timeout, target, needs, upload, explanation, run, check, undo }: StepInput): StepDraft {
  const { steps = [], env = [], files = [] } = needs ?? {};
  return {
    title,
    risk,
    ...(timeout === undefined ? {} : { timeout }),
    ...(target === undefined ? {} : { target }),
    needs: { steps, env, files },
    ...(upload === undefined ? {} : { upload }),
    prose: explanation,
    ...(run === undefined ? {} : { run }),
    ...(check === undefined ? {} : { check }),
    ...(undo === undefined ? {} : { undo }),
  };
}

/** @throws MeshError `session.runbook` when people or the mesh could not read it */
function readable(source: string, path: string): Runbook {
  const unsafe = unsafeCharacters(source)[0];
  if (unsafe !== undefined)
    throw refusal("runbook", `Not written: the runbook holds ${unsafe.name}, which a reader cannot see.`);
  try {
    return parseRunbook(source, path);
  } catch (error) {
    if (error instanceof MeshError) throw refusal("runbook", `Not written: ${error.sentence}`);
    throw error;
  }
}

function checkTargets({ context }: Desk, runbook: Runbook): void {
  const names = [runbook.target, ...runbook.steps.flatMap((step) => step.target ?? [])];
  const absent = names.find((name) => !Object.hasOwn(context.targets, name));
  if (absent === undefined) return;
  const known = Object.keys(context.targets).join(", ") || "none";
  throw refusal("runbook", `Not written: there is no target "${absent}"; there are ${known}.`);
}

/**
 * @param file relative to the mesh's root
 * @throws MeshError `session.runbook` when it is not there or this node may not see it
 */
async function checkFile(desk: Desk, file: string): Promise<void> {
  const { node, nodes } = desk.context;
  const owners = [node, ...nodes].filter(({ path }) => file === path || file.startsWith(`${path}/`));
  const [owner] = owners.sort((a, b) => b.path.length - a.path.length);
  if (owner === undefined) {
    const own = `your own folder is ${node.path}`;
    throw refusal("runbook", `Not written: ${file} lies in no folder that you know; ${own}.`);
  }
  const inside = file.slice(owner.path.length + 1);
  if (await desk.exists(owner.id === node.id ? inside : `${owner.id}:${inside}`)) return;
  throw refusal("runbook", `Not written: a step needs ${file}, which does not exist.`);
}

/** A runbook that is there may have been reviewed or run; a new one never takes its place. */
async function freePath(desk: Desk, title: string): Promise<string> {
  const { memo, now, session } = desk.context;
  const path = `runbooks/${memoFileName(title, now, memo.header.id ?? session)}`;
  for (let number = 2, free = path; ; number += 1) {
    if ((await desk.read(free)) === undefined) return free;
    free = path.replace(/\.md$/, `-${number}.md`);
  }
}
