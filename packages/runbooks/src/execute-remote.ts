import { randomBytes } from "node:crypto";
import { once } from "node:events";
import type { Readable, Writable } from "node:stream";
import { StringDecoder } from "node:string_decoder";
import { setTimeout as delay } from "node:timers/promises";
import { MeshError } from "@memomesh/core";
import { safeText } from "@memomesh/guard";
import type { End } from "./event.ts";
import type { Attendance, Command, Execution } from "./execute.ts";
import { keepOutput } from "./output.ts";
import { identify } from "./process-identity.ts";
import { readSaid, remoteScript, remoteShell } from "./remote-script.ts";
import type { SshConnection } from "./ssh-connection.ts";

type Ending = Pick<Execution, "end" | "leftovers">;

/** How long a host may take to get ready for a command. */
const readyMilliseconds = 30_000;

/** How long, beyond the grace time, a host may take to say that a command which we ended has ended. */
const answerMilliseconds = 10_000;

/** How long output that is still under way may take after the command has ended. */
const drainMilliseconds = 500;

/**
 * Runs a text with bash on a host, in the mode of `shellMode`, in a process group of its own there, with /dev/null as
 * its input; see `remoteScript`.
 *
 * It ends `not-started` only when it is certain that nothing ran, and `lost` when the connection broke while it ran: then
 * nothing tells how it ended. ssh's own exit code, which is also 255 for other reasons, decides nothing.
 */
export async function executeRemote(
  connection: SshConnection,
  command: Command,
  attendance: Attendance = {},
): Promise<Execution> {
  const begin = performance.now();
  const output = keepOutput();
  const onText = (text: string) => {
    output.add(text);
    attendance.onOutput?.(safeText(text, { newlines: true }));
  };
  const ending = await connectAndRun(connection, command, attendance, onText);
  const milliseconds = Math.round(performance.now() - begin);
  return { ...ending, milliseconds, output: await output.result(command.secrets) };
}

async function connectAndRun(
  connection: SshConnection,
  command: Command,
  attendance: Attendance,
  onText: (text: string) => void,
): Promise<Ending> {
  if (attendance.signal?.aborted) return notStarted("it was stopped before it began");
  try {
    await connection.ensure(attendance.signal);
  } catch (error) {
    if (!(error instanceof MeshError)) throw error;
    return notStarted(error.sentence);
  }
  return await run(connection, command, attendance, onText);
}

async function run(
  connection: SshConnection,
  command: Command,
  { signal, onSpawn, graceMilliseconds = 5_000 }: Attendance,
  onText: (text: string) => void,
): Promise<Ending> {
  const word = randomBytes(16).toString("hex");
  const { child, said: sshSaid } = connection.start(remoteShell);
  const [stdin, stdout, stderr] = [child.stdin, child.stdout, child.stderr] as [Writable, Readable, Readable];
  const closed = once(child, "close").catch(() => {});
  let told: Promise<void> | undefined;
  let refused: string | undefined;
  let hasBegun = false;
  let interruption: End | undefined;
  let timer: NodeJS.Timeout;
  const kill = () => void child.kill("SIGKILL");
  const limit = (milliseconds: number, act: () => void) => {
    clearTimeout(timer);
    // setTimeout takes 31 bits and fires at once for more.
    timer = setTimeout(act, Math.min(milliseconds, 2 ** 31 - 1));
  };
  const interrupt = (end: End) => {
    if (interruption !== undefined) return;
    interruption = end;
    stdin.end();
    limit(hasBegun ? graceMilliseconds + answerMilliseconds : 0, kill);
  };
  const begin = () => {
    if (interruption !== undefined) return;
    hasBegun = true;
    told = onSpawn?.(identify(child.pid ?? 0) ?? { pid: child.pid ?? 0, began: "" });
    // When telling fails, the command is still attended to its end; the failure is thrown then.
    told?.catch(() => {});
    const seconds = command.timeoutSeconds;
    limit(seconds * 1000, () => interrupt({ kind: "timeout", seconds }));
    stdin.write("go\n");
  };
  const ended = new Promise<Ending | undefined>((resolve) => {
    const onSaid = (said: string) => {
      const [, status, left] = /^end (\d+) ([01])$/.exec(said) ?? [];
      if (said === "ready") begin();
      else if (said.startsWith("refused ")) refused = said.slice("refused ".length);
      else if (status !== undefined)
        resolve({ end: interruption ?? { kind: "exited", exit: Number(status) }, leftovers: left === "1" });
    };
    // What an account's own start-up files print is not the command's.
    const reader = readSaid(word, (text) => void (hasBegun && onText(text)), onSaid);
    decode(stdout, reader.add, reader.end);
    decode(stderr, (text) => void (hasBegun && onText(text)));
    closed.then(() => resolve(undefined));
  });
  const stop = () => interrupt({ kind: "stopped" });
  stdin.on("error", () => {});
  limit(readyMilliseconds, kill);
  signal?.addEventListener("abort", stop, { once: true });
  if (signal?.aborted) stop();
  stdin.write(remoteScript({ ...command, graceMilliseconds }, word));

  const ending = await ended;
  clearTimeout(timer!);
  signal?.removeEventListener("abort", stop);
  // A process that left its group may hold the connection's channel open for ever.
  await Promise.race([closed, delay(drainMilliseconds, undefined, { ref: false })]);
  kill();
  await told;
  if (ending !== undefined) return { ...ending, leftovers: ending.leftovers && interruption === undefined };
  if (hasBegun) return { end: { kind: "lost", reason: (await sshSaid()) || "no answer" }, leftovers: false };
  if (interruption !== undefined) return notStarted("it was stopped before it began");
  return notStarted(refused ?? ((await sshSaid()) || "the host has no bash"));
}

function decode(stream: Readable, onText: (text: string) => void, onEnd: () => void = () => {}): void {
  const decoder = new StringDecoder("utf8");
  stream.on("data", (chunk: Buffer) => onText(decoder.write(chunk)));
  stream.on("end", () => {
    onText(decoder.end());
    onEnd();
  });
}

function notStarted(reason: string): Ending {
  return { end: { kind: "not-started", reason }, leftovers: false };
}
