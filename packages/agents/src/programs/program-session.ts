import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { type Changeset, sha256 } from "@memomesh/core";
import { guardLine, redact, safeText } from "@memomesh/guard";
import type { SessionContext } from "../agent.ts";
import { ownFiles } from "../sandbox/installed.ts";
import { type MachineSandbox, sandboxFor } from "../sandbox/machine.ts";
import { holdSteering } from "../sandbox/steering.ts";
import { Desk } from "../session/desk.ts";
import { readCalls } from "./call-book.ts";
import { type Checkout, layCheckout } from "./checkout.ts";
import { collect } from "./collect.ts";
import { programKey } from "./environment.ts";
import { explain, loginMissing } from "./failure.ts";
import { keepSession, takeUpSession } from "./kept-session.ts";
import { memoToolNames } from "./memo-tools.ts";
import type { ProgramOptions } from "./options.ts";
import { endWithout, leaveToOperator, withNote, withRefused } from "./outcome.ts";
import type { Program, Report, Task } from "./program.ts";
import { programPrompt } from "./prompt.ts";
import { replay, requireRunbook } from "./replay.ts";
import type { ProgramEnd } from "./run-program.ts";
import { writeSession } from "./session-folder.ts";
import { spendingOf, usageOf } from "./spent.ts";
import { type Ground, openPlaces, type RunTerms, startProgram } from "./start-program.ts";

/** The most uses of tools that are kept in the journal. */
const mostKept = 500;
/** What follows when a program fails. */
const consequence = "nothing was applied, and the memo waits";

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
  const sandbox = await sandboxFor(context.workshop.sandbox.rule);
  const key = await programKey(name, program, options, context.signal).catch(loginMissing);
  const desk = new Desk(context);
  const found = await takeUpSession(work);
  const [taken, lostSession] = typeof found === "string" ? [undefined, found] : [found, undefined];
  if (found !== undefined) context.progress(lostSession ?? "goes on where it waited for the operator's answer");
  const folder = await context.workshop.folder(taken?.folder);
  const meeting = join(folder, "session");
  const checkout = taken?.checkout ?? (await layCheckout(context, join(folder, "checkout")));
  await writeSession(meeting, { knowledge: context, checkout });
  const started = performance.now();
  const fresh = await taskOf(work, folder, checkout, { meeting, confined: sandbox.kind !== "none" });
  const task = taken === undefined ? fresh : { ...fresh, prompt: taken.prompt, resume: taken.resume };
  const report = await run(work, task, key, { sandbox, checkout, meeting });
  const seconds = (performance.now() - started) / 1000;

  const { files, refused } = collect(checkout, key);
  const calls = await readCalls(meeting);
  const lost = await replay(desk, files, calls);
  const worker = { agent: name, ...usageOf(work, report.used, seconds) };
  if (desk.outcome === undefined && report.deferred !== undefined) {
    const goesOn = await keepSession(work, report);
    // What goes on is applied at its end, all of it.
    const asking = goesOn ? new Desk(context) : desk;
    leaveToOperator(asking, program, report.deferred, goesOn);
    return withNote(asking.changeset(worker), lostSession);
  }
  if (desk.outcome === undefined) endWithout(desk, program, report, files.length > 0 || calls.length > 0);
  requireRunbook(desk, lost);
  return withNote(withRefused(desk.changeset(worker), refused), lostSession);
}

async function taskOf(
  { program, options, context }: ProgramWork,
  folder: string,
  checkout: Checkout,
  { meeting, confined }: { readonly meeting: string; readonly confined: boolean },
): Promise<Task> {
  const { memomesh } = context.workshop;
  const { system, prompt } = await programPrompt(context, program, memoToolNames);
  const { root, own } = checkout;
  const places = await openPlaces(folder, { checkout: root, folder: join(root, own) });
  const where = ["--node", context.node.id, "--checkout", places.checkout, "--folder", places.folder];
  const kept = ["--programs", JSON.stringify(context.guard?.programs ?? {}), "--audit", context.workshop.audit];
  return {
    options,
    limits: context.limits,
    system,
    prompt,
    places,
    confined,
    memoTools: [...memomesh, "mcp", "--session", meeting],
    guard: (vendor) => guardLine(memomesh, ["guard", "hook", "--for", vendor, ...where, ...kept]),
  };
}

/** What was done and what it cost is written down however it ends. */
async function run(
  work: ProgramWork,
  task: Task,
  key: Readonly<Record<string, string>>,
  place: Place,
): Promise<Report> {
  const { name, program, options, context } = work;
  const { journal } = context;
  const model = options.model ?? program.title;
  await journal.write({ kind: "opened", agent: name, model, start: sha256(task.system + task.prompt) });
  await journal.write({ kind: "message", message: { role: "user", text: task.prompt } });
  const listener = program.listen(task);
  const done: string[] = [];
  const hear = (line: string) => {
    const doing = listener.hear(line);
    if (doing !== undefined) tell(doing);
  };
  const tell = (doing: string) => {
    const shown = safeText(redact(doing.replaceAll(task.places.folder, "."), key));
    if (done.length < mostKept) done.push(`- ${shown}`);
    context.progress(shown);
  };
  let end: ProgramEnd | undefined;
  try {
    if (place.sandbox.kind === "none" && work.context.workshop.sandbox.rule !== "off")
      tell(`${program.title} works without a sandbox: ${place.sandbox.why}`);
    end = await start(work, task, place, { key, hear, tell });
    const { failure } = listener.report(end);
    if (failure !== undefined) throw explain({ ...work, limits: context.limits, consequence }, failure, key);
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

/** In what a program is put, and where it meets us. */
interface Place {
  readonly sandbox: MachineSandbox;
  readonly checkout: Checkout;
  /** The folder in which the memo tools note what was called. */
  readonly meeting: string;
}

async function start(
  { program, context }: ProgramWork,
  task: Task,
  { sandbox, checkout, meeting }: Place,
  terms: Pick<RunTerms, "key" | "hear" | "tell">,
): Promise<ProgramEnd> {
  const { limits, signal, workshop } = context;
  const run = (ground: Omit<Ground, "sandbox" | "hidden">) => {
    const whole = { ...ground, sandbox, hidden: workshop.sandbox.hidden };
    return startProgram(program, task, whole, { seconds: limits.seconds, signal, consequence, ...terms });
  };
  if (sandbox.kind === "none") return run({ read: [], write: [], fixed: [] });
  await mkdir(workshop.audit, { recursive: true, mode: 0o700 });
  const steering = await holdSteering(checkout);
  try {
    return await run({
      read: ownFiles(workshop.memomesh),
      write: [task.places.folder, meeting, workshop.audit],
      fixed: [...steering.paths, join(meeting, "session.json")],
    });
  } finally {
    await steering.clear();
  }
}
