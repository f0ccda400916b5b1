import { type ChildProcessByStdio, spawn } from "node:child_process";
import { once } from "node:events";
import { stat } from "node:fs/promises";
import type { Readable } from "node:stream";
import { StringDecoder } from "node:string_decoder";
import { setTimeout as delay } from "node:timers/promises";
import { safeText } from "@memomesh/guard";
import type { End } from "./event.ts";
import { type KeptOutput, keepOutput } from "./output.ts";
import { endGroup, groupLives, signalGroup } from "./process-group.ts";
import { identify, type ProcessIdentity } from "./process-identity.ts";
import { shellMode } from "./shell.ts";
import { findProgram } from "./system-program.ts";

/** A text to be run on this machine. */
export interface Command {
  readonly text: string;
  /** Absolute path of the working folder. */
  readonly folder: string;
  /** All that the command sees of the environment. */
  readonly environment: Readonly<Record<string, string>>;
  /** Values to be removed from what is kept of the output, by the name of their variable. */
  readonly secrets: Readonly<Record<string, string>>;
  readonly timeoutSeconds: number;
}

/** What the caller may do while a command runs. */
export interface Attendance {
  /** Aborting ends the command, as Ctrl-C does. */
  readonly signal?: AbortSignal;
  /** Output as it comes, in characters that are safe for a terminal; secrets are not removed. */
  readonly onOutput?: (text: string) => void;
  /** Called once with the command's process, which leads its process group. The command is not held up. */
  readonly onSpawn?: (process: ProcessIdentity) => Promise<void>;
  /** How long processes have between SIGTERM and SIGKILL; 5,000 when absent. */
  readonly graceMilliseconds?: number;
}

export interface Execution {
  readonly end: End;
  readonly milliseconds: number;
  readonly output: KeptOutput;
  /** The command ended and left processes behind; they were ended too. */
  readonly leftovers: boolean;
}

type Child = ChildProcessByStdio<null, Readable, Readable>;
type Ending = Pick<Execution, "end" | "leftovers">;

/** How long output that is still in a pipe may take to arrive after the last process of the group is gone. */
const drainMilliseconds = 500;

/** setTimeout takes 31 bits and fires at once for more. */
const longestTimer = 2 ** 31 - 1;

/**
 * Runs a text with bash in a process group of its own, in the mode of `shellMode`, with /dev/null as its input.
 *
 * When the command ends, when its time is over or when it is stopped, everything that is left in the group gets SIGTERM
 * and, after the grace time, SIGKILL: a step cannot leave a process behind that nobody knows of, except by giving
 * it a session of its own (`setsid`), which the reviewer can see in the text.
 */
export async function execute(command: Command, attendance: Attendance = {}): Promise<Execution> {
  const begin = performance.now();
  const output = keepOutput();
  const onText = (text: string) => {
    output.add(text);
    attendance.onOutput?.(safeText(text, { newlines: true }));
  };
  const obstacle = attendance.signal?.aborted ? "it was stopped before it began" : await folderProblem(command.folder);
  const ending = obstacle === undefined ? await run(command, attendance, onText) : notStarted(obstacle);
  return {
    ...ending,
    milliseconds: Math.round(performance.now() - begin),
    output: await output.result(command.secrets),
  };
}

async function run(command: Command, attendance: Attendance, onText: (text: string) => void): Promise<Ending> {
  const child = spawn(findProgram("bash"), [...shellMode, "-c", command.text], {
    cwd: command.folder,
    env: command.environment,
    stdio: ["ignore", "pipe", "pipe"],
    detached: true,
  });
  const { pid } = child;
  if (pid === undefined) {
    const [error] = (await once(child, "error")) as [Error];
    return notStarted(error.message);
  }
  const killAtExit = () => signalGroup(pid, "SIGKILL");
  process.once("exit", killAtExit);
  try {
    return await attend(child, pid, command.timeoutSeconds, attendance, onText);
  } finally {
    process.removeListener("exit", killAtExit);
  }
}

async function attend(
  child: Child,
  pid: number,
  seconds: number,
  { signal, onSpawn, graceMilliseconds = 5_000 }: Attendance,
  onText: (text: string) => void,
): Promise<Ending> {
  const closed = once(child, "close");
  const exited = once(child, "exit") as Promise<[number | null, NodeJS.Signals | null]>;
  collect(child.stdout, onText);
  collect(child.stderr, onText);
  const told = onSpawn?.(identify(pid) ?? { pid, began: "" });
  // When telling fails, the command is still attended to its end; the failure is thrown then.
  told?.catch(() => {});

  let interruption: { readonly end: End; readonly done: Promise<void> } | undefined;
  const interrupt = (end: End) => {
    interruption ??= { end, done: endGroup(pid, graceMilliseconds) };
  };
  const stop = () => interrupt({ kind: "stopped" });
  const onTimeout = () => interrupt({ kind: "timeout", seconds });
  const timer = setTimeout(onTimeout, Math.min(seconds * 1000, longestTimer));
  signal?.addEventListener("abort", stop, { once: true });
  if (signal?.aborted) stop();
  const [exit, killedBy] = await exited;
  clearTimeout(timer);
  signal?.removeEventListener("abort", stop);

  const leftovers = interruption === undefined && groupLives(pid);
  await (leftovers ? endGroup(pid, graceMilliseconds) : interruption?.done);
  // A process that left the group may hold the pipes open for ever.
  await Promise.race([closed, delay(drainMilliseconds, undefined, { ref: false })]);
  child.stdout.destroy();
  child.stderr.destroy();
  await told;
  const own: End = killedBy === null ? { kind: "exited", exit: exit ?? 0 } : { kind: "signalled", signal: killedBy };
  return { end: interruption?.end ?? own, leftovers };
}

function collect(stream: Readable, onText: (text: string) => void): void {
  const decoder = new StringDecoder("utf8");
  stream.on("data", (chunk: Buffer) => onText(decoder.write(chunk)));
  stream.on("end", () => onText(decoder.end()));
}

function notStarted(reason: string): Ending {
  return { end: { kind: "not-started", reason }, leftovers: false };
}

async function folderProblem(folder: string): Promise<string | undefined> {
  const found = await stat(folder).catch(() => undefined);
  if (found === undefined) return `the target's folder ${folder} is not there; make it with mkdir -p`;
  return found.isDirectory() ? undefined : `${folder} is no folder`;
}
