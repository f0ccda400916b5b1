import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { type Changeset, sha256 } from "@memomesh/core";
import { guardLine, redact, safeText } from "@memomesh/guard";
import type { SessionContext } from "../agent.ts";
import { Desk } from "../session/desk.ts";
import { readCalls } from "./call-book.ts";
import { type Checkout, layCheckout } from "./checkout.ts";
import { collect } from "./collect.ts";
import { programEnvironment, programKey } from "./environment.ts";
import { explain, loginMissing } from "./failure.ts";
import { memoToolNames } from "./memo-tools.ts";
import type { ProgramOptions } from "./options.ts";
import { endWithout, withRefused } from "./outcome.ts";
import type { Places, Program, Report, Task } from "./program.ts";
import { programPrompt } from "./prompt.ts";
import { replay, requireRunbook } from "./replay.ts";
import { type ProgramEnd, runProgram } from "./run-program.ts";
import { writeSession } from "./session-folder.ts";
import { spendingOf, usageOf } from "./spent.ts";

/** How long a program that is to end may take to do so by itself. */
const graceMilliseconds = 3000;
/** The most uses of tools that are kept in the journal. */
const mostKept = 500;

/** A session of an agent that is a program. */
export interface ProgramWork {
  /** Of the agent. */
  readonly name: string;
  readonly program: Program;
  readonly options: ProgramOptions;
  readonly context: SessionContext;
}

/**
 * One session: lays the checkout, runs the program in it, and puts on the desk what it has left behind.
 *
 * @throws MeshError `agent.program.*` in words for the person who can help
 */
export async function holdProgramSession(work: ProgramWork): Promise<Changeset> {
  const { name, program, options, context } = work;
  context.signal.throwIfAborted();
  const key = await programKey(name, program, options, context.signal).catch(loginMissing);
  const desk = new Desk(context);
  const folder = await context.workshop.folder();
  const meeting = join(folder, "session");
  const checkout = await layCheckout(context, join(folder, "checkout"));
  await writeSession(meeting, { knowledge: context, checkout });
  const started = performance.now();
  const report = await run(work, await taskOf(work, folder, checkout, meeting), key);
  const seconds = (performance.now() - started) / 1000;

  const { files, refused } = collect(checkout, key);
  const calls = await readCalls(meeting);
  const lost = await replay(desk, files, calls);
  if (desk.outcome === undefined) endWithout(desk, program, report, files.length > 0 || calls.length > 0);
  requireRunbook(desk, lost);
  return withRefused(desk.changeset({ agent: name, ...usageOf(work, report.used, seconds) }), refused);
}

async function taskOf(
  { program, options, context }: ProgramWork,
  folder: string,
  checkout: Checkout,
  meeting: string,
): Promise<Task> {
  const { memomesh } = context.workshop;
  const { system, prompt } = await programPrompt(context, program, memoToolNames);
  const places = await openPlaces(folder, checkout);
  const where = ["--node", context.node.id, "--checkout", places.checkout, "--folder", places.folder];
  const kept = ["--audit", context.workshop.audit];
  return {
    options,
    limits: context.limits,
    system,
    prompt,
    places,
    memoTools: [...memomesh, "mcp", "--session", meeting],
    guard: (vendor) => guardLine(memomesh, ["guard", "hook", "--for", vendor, ...where, ...kept]),
  };
}

async function openPlaces(folder: string, { root, own }: Checkout): Promise<Places> {
  // Codex keeps no home among temporary files: with this folder of ours for those, its home is not among them.
  const places = { home: join(folder, "home"), temporary: join(folder, "temporary") };
  await Promise.all(Object.values(places).map((place) => mkdir(place, { recursive: true, mode: 0o700 })));
  return { checkout: root, folder: join(root, own), ...places };
}

/** What was done and what it cost is written down however it ends. */
async function run(work: ProgramWork, task: Task, key: Readonly<Record<string, string>>): Promise<Report> {
  const { name, program, options, context } = work;
  const { journal } = context;
  const model = options.model ?? program.title;
  await journal.write({ kind: "opened", agent: name, model, start: sha256(task.system + task.prompt) });
  await journal.write({ kind: "message", message: { role: "user", text: task.prompt } });
  const listener = program.listen(task);
  const done: string[] = [];
  const hear = (line: string) => {
    const doing = listener.hear(line);
    if (doing === undefined) return;
    const shown = safeText(redact(doing.replaceAll(task.places.folder, "."), key));
    if (done.length < mostKept) done.push(`- ${shown}`);
    context.progress(shown);
  };
  let end: ProgramEnd | undefined;
  try {
    end = await start(work, task, key, hear);
    const { failure } = listener.report(end);
    if (failure !== undefined) throw explain(work, failure, key);
  } catch (error) {
    await writeDown(listener.report(end));
    await journal.write({ kind: "stopped", reason: error instanceof Error ? error.message : String(error) });
    throw error;
  }
  const report = listener.report(end);
  await writeDown(report);
  return report;

  async function writeDown({ answer, used }: Report): Promise<void> {
    await journal.write({
      kind: "message",
      message: { role: "assistant", text: [...done, answer].join("\n"), calls: [] },
    });
    if (used !== undefined) await journal.write({ kind: "spent", spending: spendingOf(work, used) });
  }
}

async function start(
  { program, options, context }: ProgramWork,
  task: Task,
  key: Readonly<Record<string, string>>,
  onLine: (line: string) => void,
): Promise<ProgramEnd> {
  const { args, env, input } = await program.prepare(task);
  return runProgram({
    program: options.program ?? program.command,
    install: program.install,
    args,
    env: { ...programEnvironment(task.places), ...env, ...key },
    cwd: task.places.folder,
    input,
    seconds: context.limits.seconds,
    graceMilliseconds,
    signal: context.signal,
    secrets: key,
    onLine,
  });
}
