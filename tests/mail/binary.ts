import { type ChildProcessByStdio, spawn } from "node:child_process";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";
import type { MeshEvent } from "@memomesh/mesh";
import { onTestFinished } from "vitest";
import { eventually } from "./eventually.ts";

const main = process.env.MEMOMESH_BUILT ?? join(import.meta.dirname, "../../packages/cli/src/main.ts");

export interface StartOptions {
  /** Shell commands that bound what the process may do, such as `ulimit -f 8`. */
  readonly limits?: string;
  /** Whom it runs as, for a test that is root. */
  readonly user?: { readonly uid: number; readonly gid: number };
}

/** The real program as a process of its own, with `--json`. Killed when the test is finished. */
export class Binary {
  readonly events: MeshEvent[] = [];
  /** What it said on standard error. */
  errors = "";
  /** How it ended. */
  readonly end: Promise<{ code: number | null; signal: NodeJS.Signals | null }>;
  readonly #process: ChildProcessByStdio<null, Readable, Readable>;
  #ended = false;

  private constructor(root: string, args: readonly string[], { limits = ":", user = undefined }: StartOptions) {
    const command = ["-c", `${limits} && exec "$0" "$@"`, process.execPath, main, ...args, "--json"];
    const env = { ...process.env, ...(user === undefined ? {} : { HOME: root }) };
    this.#process = spawn("bash", command, { cwd: root, stdio: ["ignore", "pipe", "pipe"], env, ...user });
    this.end = new Promise((resolve) => {
      this.#process.once("close", (code, signal) => {
        this.#ended = true;
        resolve({ code, signal });
      });
    });
    createInterface(this.#process.stdout).on("line", (line) => this.#hear(line));
    this.#process.stderr.on("data", (data) => {
      this.errors += data;
    });
  }

  static start(root: string, args: readonly string[], options: StartOptions = {}): Binary {
    const binary = new Binary(root, args, options);
    onTestFinished(async () => {
      await binary.kill();
    });
    return binary;
  }

  /** Waits for an event. */
  told<K extends MeshEvent["kind"]>(
    kind: K,
    fits: (event: Extract<MeshEvent, { kind: K }>) => boolean = () => true,
  ): Promise<Extract<MeshEvent, { kind: K }>> {
    const isIt = (event: MeshEvent): event is Extract<MeshEvent, { kind: K }> =>
      event.kind === kind && fits(event as Extract<MeshEvent, { kind: K }>);
    return eventually(`an event ${kind}; ${this.errors}`, () => {
      const event = this.events.find(isIt);
      if (event === undefined && this.#ended) throw new Error(`it ended without an event ${kind}; ${this.errors}`);
      return event;
    });
  }

  /** `kill -9`, and waits until it is dead. */
  async kill(): Promise<void> {
    this.#process.kill("SIGKILL");
    await this.end;
  }

  async stop(): Promise<void> {
    this.#process.kill("SIGTERM");
    await this.end;
  }

  get pid(): number {
    return this.#process.pid as number;
  }

  #hear(line: string): void {
    const found = JSON.parse(line) as MeshEvent | { error: unknown };
    if ("kind" in found) this.events.push(found);
    else this.errors += `${line}\n`;
  }
}
