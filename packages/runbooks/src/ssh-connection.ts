import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Exit, MeshError, type SshTarget } from "@memomesh/core";
import { safeText } from "@memomesh/guard";
import { hostAlias, sshConfig } from "./ssh-config.ts";
import { findProgram } from "./system-program.ts";

/** Seconds after which a connection that nobody uses ends itself, should this process die before it ends it. */
const idleSeconds = 60;

/**
 * One connection to a host, through which all commands go. It is opened when it is first needed, and again when it was
 * lost. Its socket, configuration and messages lie in a private folder.
 */
export class SshConnection {
  readonly target: SshTarget;
  readonly #folder: string;
  #calls = 0;

  private constructor(target: SshTarget, folder: string) {
    this.target = target;
    this.#folder = folder;
  }

  static async prepare(target: SshTarget): Promise<SshConnection> {
    const folder = await mkdtemp(join(tmpdir(), "mm-ssh-"));
    await writeFile(join(folder, "config"), sshConfig(target), { mode: 0o600 });
    return new SshConnection(target, folder);
  }

  /**
   * Makes sure that there is a connection.
   *
   * @throws MeshError `target.unreachable` (exit 75) with what ssh says: an unknown or changed host key, a refused user
   *   key, no answer
   */
  async ensure(signal?: AbortSignal): Promise<void> {
    if ((await this.#control("check")) === 0) return;
    await rm(this.#socket, { force: true });
    const options = ["-o", "ControlMaster=yes", "-o", `ControlPersist=${idleSeconds}`, "-N", "-f"];
    const { child, log } = this.#spawn([...options, hostAlias], signal);
    const exit = await exitOf(child);
    if (exit === 0) return;
    const { host, port, jump } = this.target;
    const said = await readLog(log);
    // The ssh that connects to the host in between is not ours, so that its words are not in the log.
    const through = jump === undefined ? "" : ` through ${jump}, whose key or answer may be the reason,`;
    const sentence = `${host}:${port}${through} cannot be reached: ${said || `ssh ended with ${exit}`}. Nothing was run.`;
    throw new MeshError("target.unreachable", sentence, { exit: Exit.tryAgain });
  }

  /** Starts a command. More at once than the host allows on one connection get one of their own. */
  start(command: string): { readonly child: ChildProcess; readonly said: () => Promise<string> } {
    const { child, log } = this.#spawn(["-o", "ControlMaster=no", "-T", hostAlias, command], undefined, "pipe");
    return { child, said: () => readLog(log) };
  }

  async close(): Promise<void> {
    await this.#control("exit");
    await rm(this.#folder, { recursive: true, force: true });
  }

  get #socket(): string {
    return join(this.#folder, "control");
  }

  async #control(word: "check" | "exit"): Promise<number> {
    return exitOf(this.#spawn(["-O", word, hostAlias]).child);
  }

  /** What ssh itself has to say goes to a file: on the error output it could not be told from that of the command. */
  #spawn(args: readonly string[], signal?: AbortSignal, stdio: "ignore" | "pipe" = "ignore") {
    this.#calls += 1;
    const log = join(this.#folder, `log-${this.#calls}`);
    const options = ["-F", join(this.#folder, "config"), "-S", this.#socket, "-E", log];
    const { PATH, HOME, SSH_AUTH_SOCK } = process.env;
    const child = spawn(findProgram("ssh"), [...options, ...args], {
      // A group of its own: Ctrl-C at the terminal is ours to pass on.
      detached: true,
      stdio,
      env: { PATH, HOME, ...(SSH_AUTH_SOCK !== undefined && { SSH_AUTH_SOCK }) },
      ...(signal && { signal }),
    });
    child.on("error", () => {});
    return { child, log };
  }
}

async function exitOf(child: ChildProcess): Promise<number> {
  const [exit] = (await once(child, "exit").catch(() => [])) as [number?];
  return exit ?? 255;
}

/** The last lines of what ssh said. A banner or a warning of many lines says what counts at its end. */
async function readLog(log: string): Promise<string> {
  const text = await readFile(log, "utf8").catch(() => "");
  const lines = text
    .split("\n")
    .map((line) => line.replace(/[\s@]+$/, ""))
    .filter((line) => line !== "");
  return safeText(lines.slice(-3).join(" ")).replace(/\.$/, "");
}
