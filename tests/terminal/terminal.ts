import { execFile } from "node:child_process";
import { randomUUID } from "node:crypto";
import { dirname, join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { promisify } from "node:util";

const execute = promisify(execFile);

/** The real program. */
export const memomesh = [
  process.execPath,
  process.env.MEMOMESH_BUILT ?? join(import.meta.dirname, "../../packages/cli/src/main.ts"),
] as const;

/** What every call of the program finds: a person of its own in git, and nothing of the person who runs the tests. */
export const surroundings: Readonly<Record<string, string>> = {
  PATH: `${dirname(process.execPath)}:${process.env.PATH}`,
  HOME: "/nonexistent",
  LANG: "C.UTF-8",
  NODE_COMPILE_CACHE: process.env.NODE_COMPILE_CACHE ?? "",
  GIT_CONFIG_GLOBAL: process.env.GIT_CONFIG_GLOBAL ?? "/dev/null",
  GIT_AUTHOR_NAME: "Ada",
  GIT_AUTHOR_EMAIL: "ada@example.com",
  GIT_COMMITTER_NAME: "Ada",
  GIT_COMMITTER_EMAIL: "ada@example.com",
};

interface TerminalOptions {
  readonly cwd: string;
  readonly columns?: number;
  readonly rows?: number;
  readonly env?: Readonly<Record<string, string>>;
}

/** Milliseconds after which something that should be on the screen is missing. */
const patience = 25_000;

/** A real terminal, by a tmux server of its own, in which one command of Memomesh runs. */
export class Terminal {
  readonly #socket: string;
  /** Characters of the screen and all above it that were there when something was last typed. */
  #typedAt = 0;

  private constructor(socket: string) {
    this.#socket = socket;
  }

  /** Starts `memomesh` with these arguments; when it has ended, `[exit <code>]` stands on the screen. */
  static async run(args: readonly string[], options: TerminalOptions): Promise<Terminal> {
    const { cwd, columns = 100, rows = 50, env = {} } = options;
    const terminal = new Terminal(`memomesh-${randomUUID()}`);
    const { NO_COLOR: _, ...kept } = surroundings;
    const variables = Object.entries({ ...kept, ...env }).flatMap(([name, value]) => ["-e", `${name}=${value}`]);
    const quoted = [...memomesh, ...args].map((word) => `'${word.replaceAll("'", "'\\''")}'`).join(" ");
    // Ctrl-C reaches the shell too, and must not end it.
    const line = `trap : INT; ${quoted}; printf '[exit %s]\\n' $?; exec cat`;
    const size = ["-x", String(columns), "-y", String(rows)];
    await terminal.#tmux("-f", "/dev/null", "new-session", "-d", ...size, "-c", cwd, ...variables, "sh", "-c", line);
    return terminal;
  }

  /** Types a line. */
  async type(line: string): Promise<void> {
    this.#typedAt = (await this.everything()).length;
    if (line !== "") await this.#tmux("send-keys", "-l", line);
    await this.#tmux("send-keys", "Enter");
  }

  /** Presses keys by the names that tmux has for them, such as `C-c`. */
  async press(...keys: string[]): Promise<void> {
    this.#typedAt = (await this.everything()).length;
    await this.#tmux("send-keys", ...keys);
  }

  /**
   * Waits until something stands on the screen that came after what was last typed.
   *
   * @returns all that came after it
   */
  async until(expected: string | RegExp): Promise<string> {
    return this.#poll(expected, async () => (await this.everything()).slice(this.#typedAt));
  }

  /** Waits until what is visible now holds something: for screens that are drawn anew. */
  async untilVisible(expected: string | RegExp): Promise<string> {
    return this.#poll(expected, () => this.screen());
  }

  /** What is visible, without the empty lines at its end. */
  async screen(): Promise<string> {
    return (await this.#tmux("capture-pane", "-p")).trimEnd();
  }

  /** The visible part with its colours, as escape sequences. */
  async painted(): Promise<string> {
    return (await this.#tmux("capture-pane", "-p", "-e")).trimEnd();
  }

  /** What was ever written, with lines that the terminal has broken put together again. */
  async everything(): Promise<string> {
    return (await this.#tmux("capture-pane", "-p", "-J", "-S", "-")).trimEnd();
  }

  async resize(columns: number, rows: number): Promise<void> {
    await this.#tmux("resize-window", "-x", String(columns), "-y", String(rows));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#tmux("kill-server").catch(() => undefined);
  }

  async #poll(expected: string | RegExp, look: () => Promise<string>): Promise<string> {
    const end = performance.now() + patience;
    for (;;) {
      const seen = await look();
      if (typeof expected === "string" ? seen.includes(expected) : expected.test(seen)) return seen;
      if (performance.now() > end) throw new Error(`${expected} did not come; there is:\n${await this.everything()}`);
      await wait(100);
    }
  }

  async #tmux(...args: string[]): Promise<string> {
    const { TMUX: _, NO_COLOR: __, ...env } = process.env;
    const { stdout } = await execute("tmux", ["-L", this.#socket, ...args], { env });
    return stdout;
  }
}

/** Whether this machine has a tmux. */
export const hasTmux = await execute("tmux", ["-V"]).then(
  () => true,
  () => false,
);
