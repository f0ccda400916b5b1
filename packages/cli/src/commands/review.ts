import { readFile } from "node:fs/promises";
import { Exit, MeshError, sha256 } from "@memomesh/core";
import { findRunbook, History, loadMesh, type Mesh, type RunbookFile, RunbookReview } from "@memomesh/mesh";
import type { CommandModule } from "../commands.ts";
import { openEditor } from "../editor.ts";
import { eventLine } from "../event-line.ts";
import { withExamples } from "../help.ts";
import { shown } from "../here.ts";
import { completeMemo } from "../memo-completion.ts";
import type { Output } from "../output.ts";
import { overrideOption } from "../override-option.ts";
import { personHere } from "../person.ts";
import { Asker } from "../question.ts";
import { rehearse } from "../rehearse.ts";
import { type ReviewEnd, reviewLoop } from "../review-loop.ts";
import { countStates, highestRisk, overviewLines } from "../runbook-lines.ts";
import { StepScreen } from "../step-screen.ts";
import { paint, table, text } from "../text.ts";
import { printWaiting, waitingRunbooks } from "../waiting-runbooks.ts";

interface Options {
  rehearse?: boolean;
  overrideGate?: string;
}

export const ownInterrupt = true;

/** Lines of each section that a review begins with. */
const mostOfSection = 8;

export const define: CommandModule["define"] = (command, { output, exit }) => {
  withExamples(command, [
    ["memomesh review", "the runbook that waits for you; when several do, you are asked which"],
    ["memomesh review --rehearse 7w1xb", "what would run where; changes nothing"],
    ["memomesh review deploy-shop-1-4-2-staging-7w1xb", "this one, step by step"],
  ])
    .option("--rehearse", "show what would run where, and run only previews and checks that change nothing")
    .addOption(overrideOption())
    .argument("[runbook]", "a path, or the name of a file in a node's runbooks/")
    .action(async (reference: string | undefined, { rehearse: isRehearsal = false, overrideGate }: Options) => {
      const mesh = await loadMesh(process.cwd());
      if (isRehearsal) return exit((await rehearseOne(mesh, reference, output)) ? Exit.done : Exit.failed);
      if (!output.terminal || process.stdin.isTTY !== true || output.json)
        return exit(await printWaiting(mesh, reference, output));
      const asker = new Asker();
      try {
        const file =
          reference === undefined
            ? await chooseRunbook(mesh, asker, output)
            : await findRunbook(mesh, reference, process.cwd());
        if (file !== undefined) await review(mesh, file, { asker, output, override: overrideGate });
      } finally {
        asker.close();
      }
    });
};

/** @returns whether every step could run as things are now */
async function rehearseOne(mesh: Mesh, reference: string | undefined, output: Output): Promise<boolean> {
  const asker = output.terminal && process.stdin.isTTY === true && !output.json ? new Asker() : undefined;
  const history = await History.open(mesh, () => {});
  try {
    const file = reference === undefined ? undefined : await findRunbook(mesh, reference, process.cwd());
    const chosen = file ?? (asker ? await chooseRunbook(mesh, asker, output) : (await waitingRunbooks(mesh))[0]);
    if (chosen === undefined) return true;
    return await rehearse({ mesh, file: chosen, by: await personHere(history), output, asker });
  } finally {
    asker?.close();
    await history.close();
  }
}

async function chooseRunbook(mesh: Mesh, asker: Asker, output: Output): Promise<RunbookFile | undefined> {
  const waiting = await waitingRunbooks(mesh);
  if (waiting.length === 0) output.line(text`No runbook waits for you.`);
  if (waiting.length < 2) return waiting[0];
  const rows = waiting.map(({ reviewed, node }, index) => [
    paint("bold", index + 1),
    node.id,
    reviewed.runbook.title,
    highestRisk(reviewed),
    paint("dim", countStates(reviewed)),
  ]);
  for (const line of table(rows, 2)) output.line(line);
  return asker.choose("Which one? ", Object.fromEntries(waiting.map((file, index) => [String(index + 1), file])));
}

async function review(
  mesh: Mesh,
  file: RunbookFile,
  { asker, output, override }: Pick<Sitting, "asker" | "output" | "override">,
): Promise<void> {
  const history = await History.open(mesh, (event) => {
    const line = event.kind === "warning" ? eventLine({ at: new Date().toISOString(), ...event }) : undefined;
    if (line !== undefined) output.line(line);
  });
  const edit = () => asker.lend(() => editRunbook(file.path));
  try {
    let again = false;
    for (;;) {
      try {
        if ((await reviewOnce({ mesh, file, history, asker, output, override, edit, again })) !== "edited") return;
        again = true;
      } catch (error) {
        // What the person has just written cannot be read; they are the one to mend it.
        if (!again || !(error instanceof MeshError)) throw error;
        output.line(text`${paint("red", "error")}  ${error.message}`);
        if ((await asker.choose("e edit it again   q stop here: ", { e: true, q: false })) !== true) return;
        await edit();
      }
    }
  } finally {
    await history.close();
  }
}

interface Sitting {
  readonly mesh: Mesh;
  readonly file: RunbookFile;
  readonly history: History;
  readonly asker: Asker;
  readonly output: Output;
  /** Why they approve against the gate; undefined: they do not. */
  readonly override: string | undefined;
  readonly edit: () => Promise<string>;
  /** The person has read the beginning before. */
  readonly again: boolean;
}

/** From reading the file once to its last step, or until the person has edited it. */
async function reviewOnce({ mesh, file, history, asker, output, override, edit, again }: Sitting): Promise<ReviewEnd> {
  const screen = new StepScreen(output);
  const by = await personHere(history);
  const opened = await RunbookReview.open(mesh, file, history, {
    by,
    environment: process.env,
    onOutput: screen.write,
    ...(override !== undefined && { override }),
  });
  try {
    const layout = { width: output.columns, most: mostOfSection };
    const reviewed = { ...opened.current.reviewed, difference: opened.difference };
    if (again) output.line(text`The runbook was read again.`);
    else for (const line of overviewLines(reviewed, shown(file.path), layout)) output.line(line);
    const end = await reviewLoop({ review: opened, asker, output, screen, edit });
    if (end === "finished" && (await opened.waitingMemo()) === undefined)
      output.line(text`Every step of this runbook is decided.`);
    else if (end === "finished") await completeMemo(opened, asker, output, shown);
    return end;
  } finally {
    await opened.close();
  }
}

/** @returns the digest of what the file holds when the editor is closed, however that went */
async function editRunbook(path: string): Promise<string> {
  await openEditor(path).catch((error: unknown) => {
    if (!(error instanceof MeshError)) throw error;
  });
  return sha256(await readFile(path));
}
