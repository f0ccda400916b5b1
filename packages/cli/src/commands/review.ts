import { readFile } from "node:fs/promises";
import { Exit, sha256 } from "@memomesh/core";
import {
  findRunbook,
  History,
  isFinished,
  loadMesh,
  type Mesh,
  type RunbookFile,
  RunbookReview,
  readRunbooks,
} from "@memomesh/mesh";
import type { CommandModule } from "../commands.ts";
import { openEditor } from "../editor.ts";
import { eventLine } from "../event-line.ts";
import { withExamples } from "../help.ts";
import { shown } from "../here.ts";
import type { Output } from "../output.ts";
import { personHere } from "../person.ts";
import { Asker } from "../question.ts";
import { completeMemo, reviewLoop } from "../review-loop.ts";
import { countStates, highestRisk, overviewLines, stepLines } from "../runbook-lines.ts";
import { paint, table, text } from "../text.ts";

export const ownInterrupt = true;

export const define: CommandModule["define"] = (command, { output, exit }) => {
  withExamples(command, [
    ["memomesh review", "the runbook that waits for you; when several do, you are asked which"],
    ["memomesh review deploy-shop-1-4-2-staging-7w1xb", "this one, step by step"],
  ])
    .argument("[runbook]", "a path, or the name of a file in a node's runbooks/")
    .action(async (reference: string | undefined) => {
      const mesh = await loadMesh(process.cwd());
      if (!output.terminal || process.stdin.isTTY !== true || output.json)
        return exit(await printWaiting(mesh, reference, output));
      const asker = new Asker();
      try {
        const file =
          reference === undefined
            ? await chooseRunbook(mesh, asker, output)
            : await findRunbook(mesh, reference, process.cwd());
        if (file !== undefined) await review(mesh, file, asker, output);
      } finally {
        asker.close();
      }
    });
};

async function review(mesh: Mesh, file: RunbookFile, asker: Asker, output: Output): Promise<void> {
  const history = await History.open(mesh, (event) => {
    const line = event.kind === "warning" ? eventLine({ at: new Date().toISOString(), ...event }) : undefined;
    if (line !== undefined) output.line(line);
  });
  try {
    while ((await reviewOnce(mesh, file, history, asker, output)) === "edited")
      output.line(text`The runbook is read again.`);
  } finally {
    await history.close();
  }
}

async function reviewOnce(
  mesh: Mesh,
  file: RunbookFile,
  history: History,
  asker: Asker,
  output: Output,
): Promise<string> {
  let stop = new AbortController();
  const release = asker.onInterrupt(() => {
    stop.abort();
    stop = new AbortController();
  });
  const by = await personHere(history);
  const opened = await RunbookReview.open(mesh, file, history, {
    by,
    environment: process.env,
    get signal() {
      return stop.signal;
    },
    onOutput: (told) => process.stdout.write(told),
  });
  try {
    for (const line of overviewLines(opened.current.reviewed, shown(file.path))) output.line(line);
    const end = await reviewLoop(opened, asker, output, async () => {
      await openEditor(file.path);
      return sha256(await readFile(file.path));
    });
    if (end === "finished") await completeMemo(opened, asker, output);
    return end;
  } finally {
    release();
    await opened.close();
  }
}

async function chooseRunbook(mesh: Mesh, asker: Asker, output: Output): Promise<RunbookFile | undefined> {
  const waiting = await waitingRunbooks(mesh);
  if (waiting.length === 0) output.line(text`No runbook waits for you.`);
  if (waiting.length < 2) return waiting[0];
  waiting.forEach(
    ({ reviewed, node }, index) =>
      void output.line(
        text`  ${paint("bold", index + 1)}  ${node.id}  ${reviewed.runbook.title}  ${paint("dim", countStates(reviewed))}`,
      ),
  );
  return asker.choose("Which one? ", Object.fromEntries(waiting.map((file, index) => [String(index + 1), file])));
}

async function waitingRunbooks(mesh: Mesh) {
  const all = await readRunbooks(mesh, [...mesh.nodes.values()]);
  return all.flatMap(({ node, path, reviewed }) =>
    reviewed === undefined || isFinished(reviewed) ? [] : [{ node, path, reviewed }],
  );
}

/** Without a terminal nobody can decide: what waits is printed, and the exit code says that a person has to come. */
async function printWaiting(mesh: Mesh, reference: string | undefined, output: Output): Promise<number> {
  const wanted = reference === undefined ? undefined : (await findRunbook(mesh, reference, process.cwd())).path;
  const waiting = (await waitingRunbooks(mesh)).filter(({ path }) => wanted === undefined || path === wanted);
  output.data({
    waiting: waiting.map(({ node, path, reviewed }) => ({
      node: node.id,
      path,
      title: reviewed.runbook.title,
      steps: reviewed.steps.map(({ step, risk, state, digest, problems }) => ({
        number: step.number,
        title: step.title,
        risk: risk.run,
        state: state.state,
        digest,
        problems,
      })),
    })),
  });
  for (const { path, reviewed } of waiting) {
    for (const line of overviewLines(reviewed, shown(path))) output.line(line);
    for (const step of reviewed.steps) {
      output.line();
      for (const line of stepLines(step)) output.line(line);
      if (step.digest !== undefined) output.line(text`  ${paint("dim", `digest ${step.digest}`)}`);
    }
    output.line();
  }
  if (waiting.length === 0) {
    output.line(text`No runbook waits.`);
    return Exit.done;
  }
  for (const line of table(
    waiting.map(({ node, reviewed }) => [
      node.id,
      highestRisk(reviewed),
      reviewed.runbook.title,
      countStates(reviewed),
    ]),
  ))
    output.line(line);
  output.note(
    text`A person has to decide: run \`memomesh review\` in a terminal, or \`memomesh approve <runbook> --step N --digest …\` in a script.`,
  );
  return Exit.tryAgain;
}
