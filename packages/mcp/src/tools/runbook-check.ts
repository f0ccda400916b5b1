import { basename } from "node:path";
import { type RunbookFile, readRunbook } from "@memomesh/mesh";
import { checkRunbook, type ReviewedStep, stateWord } from "@memomesh/runbooks";
import * as z from "zod";
import type { Caller } from "../caller.ts";
import { openableRunbook } from "../runbook.ts";
import { shortly } from "../told.ts";
import { tool } from "../tool.ts";
import { line } from "../wording.ts";

export const checkedOutput = {
  runbook: z.string(),
  readable: z.boolean().describe("whether it can be read exactly"),
  approvable: z.boolean().describe("whether a person could approve every step as it stands"),
  steps: z.array(
    z.object({
      number: z.int(),
      title: z.string(),
      risk: z.string().describe("the higher of what the author claims and what the guard finds"),
      claimed: z.string(),
      reasons: z.array(z.string()).describe("why the guard holds it for more than low"),
      state: z.string(),
    }),
  ),
  findings: z.array(z.object({ severity: z.string(), line: z.int(), sentence: z.string() })),
};

type Checked = z.output<z.ZodObject<typeof checkedOutput>>;

export const runbookCheck = tool({
  name: "runbook_check",
  title: "Check a runbook",
  says: "Reads a runbook of this node exactly as a review would and classifies the commands of each step, with reasons. Runs nothing and approves nothing: only a person can, with `memomesh review`.",
  effect: "reads",
  input: { runbook: line(200, "its file name in runbooks/, or the end of it") },
  output: checkedOutput,
  use: async (caller, { runbook }) => checkedAnswer(caller, await openableRunbook(caller, runbook)),
});

/** What a review would say about a runbook. */
export async function checkedAnswer(
  { mesh }: Caller,
  file: RunbookFile,
): Promise<{ readonly text: string; readonly data: Checked }> {
  const { reviewed, problem } = await readRunbook(mesh, file);
  const runbook = basename(file.path);
  if (reviewed === undefined) {
    const finding = { severity: "error", line: problem?.place?.line ?? 1, sentence: problem?.sentence ?? "unreadable" };
    const data = { runbook, readable: false, approvable: false, steps: [], findings: [finding] };
    return { text: textOf(data), data };
  }
  const findings = checkRunbook(reviewed).map(({ severity, line: at, sentence }) => ({ severity, line: at, sentence }));
  const approvable = findings.every(({ severity }) => severity !== "error");
  const data = { runbook, readable: true, approvable, steps: reviewed.steps.map(stepOf), findings };
  return { text: textOf(data), data };
}

function stepOf({ step, risk, state }: ReviewedStep): Checked["steps"][number] {
  const found = [risk.classified.run, risk.classified.check, risk.classified.undo];
  const reasons = found
    .flatMap((each) => each?.reasons ?? [])
    .map((reason) => `${reason.risk}: ${shortly(reason.text)}`);
  return {
    number: step.number,
    title: shortly(step.title),
    risk: risk.run,
    claimed: risk.author ?? "none",
    reasons: [...new Set(reasons)],
    state: state.state === "running" || state.state === "approved" ? state.state : stateWord(state),
  };
}

function textOf({ runbook, readable, approvable, steps, findings }: Checked): string {
  const verdict = !readable
    ? "cannot be read"
    : approvable
      ? "can be approved by a person"
      : "cannot be approved as it stands";
  return [
    `${runbook} ${verdict}.`,
    ...steps.map(({ number, title, risk, claimed, reasons, state }) => {
      const because = reasons.length === 0 ? "" : `; ${reasons.join("; ")}`;
      return `- step ${number}, ${title}: risk ${risk} (claimed ${claimed}), ${state}${because}`;
    }),
    ...findings.map(({ severity, line: at, sentence }) => `- ${severity}, line ${at}: ${sentence}`),
  ].join("\n");
}
