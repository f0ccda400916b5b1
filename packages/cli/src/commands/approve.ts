import { Exit, MeshError } from "@memomesh/core";
import { findRunbook, History, loadMesh, openItems, RunbookReview } from "@memomesh/mesh";
import {
  approveStep,
  endText,
  misleadingInStep,
  runStep,
  standing,
  undoStep,
  withdrawApproval,
} from "@memomesh/runbooks";
import type { CommandModule } from "../commands.ts";
import { withExamples } from "../help.ts";
import { misleadingLines } from "../misleading-lines.ts";
import { overrideOption } from "../override-option.ts";
import { personHere } from "../person.ts";
import { subjects } from "../step-report.ts";
import { text } from "../text.ts";

const noDigest = "no digest was given; expected --digest with what `memomesh runbook show --json` prints for the step.";

interface Options {
  step: string;
  digest?: string;
  target?: string;
  withdraw?: boolean;
  undo?: boolean;
  again?: boolean;
  overrideGate?: string;
}

export const ownInterrupt = true;

export const define: CommandModule["define"] = (command, { output, exit }) => {
  withExamples(command, [
    [
      "memomesh approve deploy-7w1xb --step 1 --digest sha256:5f2b…",
      "run step 1 if it is still exactly what `runbook show --json` told",
    ],
    ["memomesh approve deploy-7w1xb --step 1 --digest sha256:5f2b… --undo", "run its undo"],
    ["memomesh approve deploy-7w1xb --step 2 --withdraw", "take back what was approved and did not run"],
  ])
    .argument("<runbook>", "a path, or the name of a file in a node's runbooks/")
    .requiredOption("--step <number>", "the step")
    .option("--digest <digest>", "the step's digest, as `memomesh runbook show --json` or `memomesh review` prints it")
    .option("--undo", "undo the step instead of running it")
    .option("--target <name>", "the target's name, which a step of high risk wants to hear")
    .option("--withdraw", "take back the approvals of the step that were not used yet")
    .option("--again", "run it although it may have run before")
    .addOption(overrideOption())
    .action(
      async (
        reference: string,
        { step, digest, target, withdraw = false, undo = false, again = false, overrideGate: override }: Options,
      ) => {
        if (digest === undefined && !withdraw) throw new MeshError("approval.digest", noDigest, { exit: Exit.usage });
        const number = Number(step);
        const mesh = await loadMesh(process.cwd());
        const file = await findRunbook(mesh, reference, process.cwd());
        const stop = new AbortController();
        process.on("SIGINT", () => stop.abort());
        process.on("SIGTERM", () => stop.abort());
        const history = await History.open(mesh, (event) => {
          if (event.kind === "warning") output.note(text`${event.text}`);
        });
        const by = await personHere(history);
        const review = await RunbookReview.open(mesh, file, history, {
          by,
          environment: process.env,
          ...(override !== undefined && { override }),
          signal: stop.signal,
          onOutput: (told) => void (output.json || process.stdout.write(told)),
        });
        try {
          const { reviewed } = review.current;
          const chosen = Number.isInteger(number) ? reviewed.steps[number - 1] : undefined;
          if (chosen === undefined) {
            throw new MeshError(
              "step.unknown",
              `"${step}" is no step of this runbook; it has ${reviewed.steps.length}`,
              {
                exit: Exit.usage,
              },
            );
          }
          const action = undo ? "undo" : "run";
          if (withdraw) {
            const withdrawn = await withdrawApproval(reviewed, number, by, action);
            review.recordStep(number, "Withdraw the approval of");
            output.data({ step: number, withdrawn: withdrawn.map(({ id }) => id) });
            output.line(text`step ${number}: withdrawn`);
            return;
          }
          const misleading = misleadingInStep(chosen.step);
          for (const line of misleadingLines(misleading)) output.note(line);
          const said = {
            ...(digest !== undefined && { digest }),
            ...(target !== undefined && { target }),
            ...(override !== undefined && { override }),
          };
          const { missing } = await approveStep(reviewed, number, { by, how: "command", ...said, again, action });
          if (missing > 0) {
            review.recordStep(number, undo ? "Approve the undo of" : "Approve");
            output.data({ step: number, missing });
            const others = missing === 1 ? "one other person has" : `${missing} other people have`;
            output.line(text`step ${number}: approved; ${others} to approve it before it runs`);
            return exit(Exit.tryAgain);
          }
          const result = undo ? await undoStep(review.current, number) : await runStep(review.current, number);
          const { state } = standing(result.state);
          const deed = undo ? "undo" : "run";
          review.recordStep(number, subjects[deed][state === "failed" ? 1 : 0]);
          const completed = await completeWhenExecuted(review);
          output.data({
            step: number,
            state,
            execution: result.execution?.end,
            check: result.check?.end,
            memo: completed,
            misleading,
          });
          if (result.execution !== undefined) output.line(text`step ${number}: ${endText(result.execution.end)}`);
          if (result.check !== undefined) output.line(text`check: ${endText(result.check.end)}`);
          if (completed !== undefined) output.line(text`the memo ${completed} is completed and archived`);
          exit(state === "failed" ? Exit.failed : Exit.done);
        } finally {
          await review.close();
          await history.close();
        }
      },
    );
};

/** The last step completes the memo, as in a review. Every box is ticked only when no step was skipped. */
async function completeWhenExecuted(review: RunbookReview): Promise<string | undefined> {
  const { state, fulfilled, total } = await review.progress();
  const waiting = state === "executed" ? await review.waitingMemo() : undefined;
  if (waiting === undefined) return undefined;
  const items = fulfilled === total ? openItems(waiting.memo) : [];
  await review.complete(
    waiting,
    items.map(({ index }) => index),
  );
  return waiting.memo.header.id;
}
