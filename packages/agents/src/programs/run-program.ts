import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { MeshError } from "@memomesh/core";
import { redact, safeText } from "@memomesh/guard";
import { Lines } from "./lines.ts";
import { endGroup } from "./process-group.ts";
import { endStragglers } from "./stragglers.ts";

/** A program and all that it is given. */
export interface ProgramRun {
  readonly program: string;
  /** As people call it: what is started may be a sandbox around it. */
  readonly title: string;
  /** For people who do not have it: a sentence. */
  readonly install: string;
  readonly args: readonly string[];
  /** The whole environment. No other program has this home. */
  readonly env: Readonly<Record<string, string>> & { readonly HOME: string };
  readonly cwd: string;
  readonly input: string;
  /** How long it may run. */
  readonly seconds: number;
  /** How long what is to end has for it, before it is ended by force. */
  readonly graceMilliseconds: number;
  readonly signal: AbortSignal;
  /** What follows for the person when it takes too long, in a few words. */
  readonly consequence: string;
  /** Values that must not be kept, by the name of their variable. */
  readonly secrets: Readonly<Record<string, string>>;
  onLine(line: string): void;
}

/** How a program has ended. */
export interface ProgramEnd {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  /** The end of what it wrote to standard error, without secrets. */
  readonly errors: string;
}

const keptErrors = 4000;
/** How long output is waited for that a process outside of the group may still hold open. */
const lastOutputMilliseconds = 500;
/** Node takes a longer time for none. */
const longestTimer = 2 ** 31 - 1;

/**
 * Runs a program in a process group of its own, with no shell between. When it returns or throws, nothing is left
 * of what the program has started, in that group or outside of it.
 *
 * @throws MeshError `agent.program.missing`, `agent.program.arguments`, `agent.program.timeout`
 * @throws whatever `signal` was aborted with
 */
export async function runProgram(run: ProgramRun): Promise<ProgramEnd> {
  run.signal.throwIfAborted();
  const { env } = run;
  const child = startOf(run);
  const lines = new Lines(run.onLine);
  let errors = "";
  child.stdout.on("data", (chunk: Buffer) => lines.add(chunk));
  child.stderr.setEncoding("utf8").on("data", (chunk: string) => {
    errors = (errors + chunk).slice(-2 * keptErrors);
  });
  // A program that does not read its input closes the pipe.
  child.stdin.on("error", () => undefined);
  child.stdin.end(run.input);

  const closed = new Promise<void>((resolve) => child.once("close", () => resolve()));
  const ended = new Promise<Pick<ProgramEnd, "code" | "signal">>((resolve, reject) => {
    child.once("error", (error: NodeJS.ErrnoException) => reject(startFailure(run, error)));
    child.once("exit", (code, signal) => resolve({ code, signal }));
  });
  try {
    const end = await withinLimits(run, ended).finally(async () => {
      if (child.pid === undefined) return;
      await endGroup(child.pid, run.graceMilliseconds);
      await endStragglers(`HOME=${env.HOME}`);
    });
    await Promise.race([closed, new Promise((resolve) => setTimeout(resolve, lastOutputMilliseconds).unref())]);
    lines.end();
    return { ...end, errors: lastWords(errors, run.secrets) };
  } finally {
    child.stdout.destroy();
    child.stderr.destroy();
  }
}

function startOf(run: ProgramRun): ChildProcessWithoutNullStreams {
  const { program, args, env, cwd } = run;
  try {
    return spawn(program, args, { cwd, env, detached: true, stdio: ["pipe", "pipe", "pipe"] });
  } catch (error) {
    // What the system refuses outright is thrown; what it does not find is told later.
    throw startFailure(run, error as NodeJS.ErrnoException);
  }
}

async function withinLimits<T>({ title, seconds, signal, consequence }: ProgramRun, ended: Promise<T>): Promise<T> {
  const { promise: reached, reject } = Promise.withResolvers<never>();
  const stop = () => reject(signal.reason);
  const sentence = `${title} did not end within ${seconds} s and was stopped; ${consequence}.`;
  const late = setTimeout(
    () => reject(new MeshError("agent.program.timeout", sentence)),
    Math.min(seconds * 1000, longestTimer),
  );
  signal.addEventListener("abort", stop, { once: true });
  try {
    return await Promise.race([ended, reached]);
  } finally {
    clearTimeout(late);
    signal.removeEventListener("abort", stop);
  }
}

function startFailure({ program, title, install }: ProgramRun, error: NodeJS.ErrnoException): MeshError {
  if (error.code === "E2BIG") {
    const sentence = `${title} cannot be started: its arguments are longer than this system takes. Leave {prompt} out of \`command\` in mesh.yml, and the task comes on its standard input.`;
    return new MeshError("agent.program.arguments", sentence, { cause: error });
  }
  const why = error.code === "ENOENT" ? "was not found" : `cannot be started (${error.code ?? error.message})`;
  return new MeshError("agent.program.missing", `the program "${program}" ${why}. ${install}`, { cause: error });
}

function lastWords(errors: string, secrets: Readonly<Record<string, string>>): string {
  return safeText(redact(errors, secrets), { newlines: true }).trim().slice(-keptErrors);
}
