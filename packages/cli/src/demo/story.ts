import { readFile } from "node:fs/promises";
import { relative } from "node:path";
import {
  Coordinator,
  History,
  isFinished,
  loadMesh,
  type Mesh,
  openItems,
  type RunbookFile,
  RunbookReview,
  readDecisions,
  readRunbooks,
} from "@memomesh/mesh";
import { approveStep, recordFile, runStep, skipStep, standing } from "@memomesh/runbooks";
import { decisionLines } from "../decision-lines.ts";
import { eventLine } from "../event-line.ts";
import type { Output } from "../output.ts";
import { personHere } from "../person.ts";
import type { Asker } from "../question.ts";
import { completeMemo, reviewLoop } from "../review-loop.ts";
import { overviewLines, stepLines } from "../runbook-lines.ts";
import { block, paint, text } from "../text.ts";
import { buildSite, type DemoMesh, deploymentMemo, dropMemo, rollbackMemo } from "./demo-mesh.ts";
import { serveSite } from "./site-server.ts";

/** In whose name low-risk steps are approved when nobody is there to be asked. */
const nobody = { name: "demo", email: "demo@localhost" };

/**
 * The main job, twice, and the way back: everything in it is done by the parts that a mesh of one's own uses.
 *
 * @param asker the person at the terminal; undefined when there is none
 */
export async function tellStory(demo: DemoMesh, output: Output, asker: Asker | undefined): Promise<void> {
  const { root } = demo;
  const mesh = await loadMesh(root);
  heading(output, 1, "A mesh of project folders, and a build that is ready");
  output.line(text`  ${root}`);
  output.line(
    text`  nodes ${[...mesh.nodes.keys()].join(", ")}; targets ${Object.keys(mesh.config.targets).join(", ")}`,
  );
  output.line(text`  ${await buildSite(demo, "1.4.2")}`);

  heading(output, 2, "A memo is dropped as a file");
  await send(
    demo,
    mesh,
    "deploy.md",
    deploymentMemo("1.4.2", "The new page with the opening hours of the winter."),
    output,
  );

  heading(
    output,
    3,
    asker === undefined
      ? "Its runbook: nobody is at the terminal, so only low-risk steps are approved, in the name of demo"
      : "Its runbook waits for you",
  );
  await decide(mesh, output, asker);

  heading(output, 4, "The site is served from the new release");
  const server = await serveSite(demo.current);
  try {
    await fetchVersion(server.url, output);

    heading(output, 5, "A second version, and the way back");
    output.line(text`  ${await buildSite(demo, "1.5.0")}`);
    await send(demo, mesh, "deploy.md", deploymentMemo("1.5.0", "Opening hours of the spring."), output);
    await decide(mesh, output, asker);
    await fetchVersion(server.url, output);
    await send(demo, mesh, "roll-back.md", rollbackMemo("1.5.0"), output);
    await decide(mesh, output, asker);
    await fetchVersion(server.url, output);
  } finally {
    await server.close();
  }

  heading(output, 6, "What is left: the memo, the record, the history");
  await showTrail(mesh, output);
}

function heading(output: Output, number: number, title: string): void {
  output.line();
  output.line(paint("bold", text`${number}. ${title}`));
}

/** Drops a memo and lets the coordinator do what there is to do about it. */
async function send(demo: DemoMesh, mesh: Mesh, name: string, source: string, output: Output): Promise<void> {
  const path = await dropMemo(demo, name, source);
  output.line(text`  ${paint("dim", path)}`);
  for (const line of source.trimEnd().split("\n").slice(0, 6)) output.line(text`  ${paint("dim", "|")} ${line}`);
  output.line(text`  ${paint("dim", "| …")}`);
  const coordinator = await Coordinator.open({
    start: mesh.root,
    command: "demo",
    onEvent: (event) => {
      output.record(event);
      const line = event.kind === "started" ? undefined : eventLine(event);
      if (line !== undefined) output.line(text`  ${line}`);
    },
  });
  try {
    for (let waitMs: number | undefined = 0; waitMs !== undefined; waitMs = await coordinator.settle())
      await pause(waitMs);
  } finally {
    await coordinator.close();
  }
}

async function pause(milliseconds: number): Promise<void> {
  if (milliseconds > 0) await new Promise((done) => setTimeout(done, milliseconds + 1));
}

/** Has the waiting runbook decided: by the person, or in the name of `demo` where there is none. */
async function decide(mesh: Mesh, output: Output, asker: Asker | undefined): Promise<void> {
  const waiting = (await readRunbooks(mesh, [...mesh.nodes.values()])).find(
    ({ reviewed }) => reviewed !== undefined && !isFinished(reviewed),
  );
  if (waiting === undefined) return;
  const history = await History.open(mesh, () => {});
  const by = asker === undefined ? nobody : await personHere(history);
  const review = await RunbookReview.open(mesh, waiting, history, {
    by,
    environment: process.env,
    onOutput: (told) => void (asker !== undefined && process.stdout.write(told)),
  });
  try {
    if (asker === undefined) await approveLowRisk(review, output);
    else {
      for (const line of overviewLines(review.current.reviewed, relative(mesh.root, waiting.path))) output.line(line);
      const end = await reviewLoop(review, asker, output, undefined);
      if (end === "finished") await completeMemo(review, asker, output);
    }
  } finally {
    await review.close();
    await history.close();
  }
}

async function approveLowRisk(review: RunbookReview, output: Output): Promise<void> {
  const { steps } = review.current.reviewed;
  for (const { step, risk } of steps) {
    await review.refresh();
    for (const line of stepLines(review.step(step.number)).slice(0, 1)) output.line(text`  ${line}`);
    if (risk.run !== "low" || step.run === undefined) {
      await skipStep(review.current, step.number, `${risk.run} risk: a person has to decide`);
      output.line(text`    ${paint("yellow", "left out")}: ${risk.run} risk, a person has to decide`);
      review.recordStep(step.number, "Skip");
      continue;
    }
    await approveStep(review.current.reviewed, step.number, { by: nobody, how: "demo" });
    const { state } = standing((await runStep(review.current, step.number)).state);
    output.line(text`    ${paint(state === "done" ? "green" : "red", state)}, low risk, approved by demo`);
    review.recordStep(step.number, "Run");
    if (state !== "done") return;
  }
  const memo = await review.waitingMemo();
  if (memo === undefined) return;
  const { fulfilled, total } = await review.progress();
  await review.complete(memo, fulfilled === total ? openItems(memo.memo).map(({ index }) => index) : []);
}

async function fetchVersion(url: string, output: Output): Promise<void> {
  const response = await fetch(`${url}version.txt`);
  const answer = response.ok ? (await response.text()).trim() : `${response.status}`;
  output.line(text`  GET ${url}version.txt  ${paint("green", answer)}`);
}

async function showTrail(mesh: Mesh, output: Output): Promise<void> {
  const runbooks = await readRunbooks(mesh, [...mesh.nodes.values()]);
  const first: RunbookFile | undefined = runbooks.at(-1);
  if (first !== undefined) {
    const record = recordFile(first.path);
    const shown = (await readFile(record, "utf8").catch(() => "")).split("\n").slice(0, 18).join("\n");
    output.line(paint("dim", text`  ${relative(mesh.root, record)}`));
    for (const line of shown.split("\n")) output.line(text`  ${paint("dim", "|")} ${block(line)}`);
  }
  output.line();
  output.line(paint("dim", text`  git log, as \`memomesh log\` shows it`));
  for (const line of decisionLines(await readDecisions(mesh, { limit: 30 }), 2)) output.line(line);
}
