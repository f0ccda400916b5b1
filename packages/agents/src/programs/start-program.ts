import { mkdir } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";
import { confine, type Terms } from "../sandbox/confine.ts";
import { hostOf } from "../sandbox/egress.ts";
import type { MachineSandbox } from "../sandbox/machine.ts";
import { programEnvironment } from "./environment.ts";
import type { ProgramOptions } from "./options.ts";
import type { Places, Program, Task } from "./program.ts";
import { type ProgramEnd, type ProgramRun, runProgram } from "./run-program.ts";

/** How long a program that is to end may take to do so by itself. */
const graceMilliseconds = 3000;

/** In what a program is put; what it needs for itself is added. */
export interface Ground extends Pick<Terms, "read" | "write" | "fixed" | "hidden"> {
  readonly sandbox: MachineSandbox;
}

/** How far it may go, and who listens. */
export interface RunTerms extends Pick<ProgramRun, "seconds" | "signal" | "consequence"> {
  /** The key that it works with, by the name of its variable. */
  readonly key: Readonly<Record<string, string>>;
  hear(line: string): void;
  /** Is told in words what it tried in vain. */
  tell(text: string): void;
}

/** Makes the folders of a program's own, beside the one in which it works. */
export async function openPlaces(folder: string, work: Pick<Places, "checkout" | "folder">): Promise<Places> {
  // Codex keeps no home among temporary files: with this folder of ours for those, its home is not among them.
  const own = { home: join(folder, "home"), temporary: join(folder, "temporary") };
  await Promise.all(Object.values(own).map((place) => mkdir(place, { recursive: true, mode: 0o700 })));
  return { ...work, ...own };
}

/**
 * Runs a program on a task, in the sandbox when there is one. When it returns or throws, nothing of it runs any more.
 *
 * @throws MeshError `agent.program.missing`, `agent.program.timeout`
 * @throws whatever the signal was aborted with
 */
export async function startProgram(
  program: Program,
  task: Task,
  { sandbox, read, write, fixed, hidden }: Ground,
  { key, hear, tell, ...limits }: RunTerms,
): Promise<ProgramEnd> {
  const { options, places } = task;
  const { args, env, input, fixed: laid } = await program.prepare(task);
  const plain = {
    program: options.program ?? program.command,
    args,
    env: { ...programEnvironment(places), ...env, ...key },
    cwd: places.folder,
  };
  const common = {
    ...{ title: program.title, install: program.install, input, graceMilliseconds, secrets: key, onLine: hear },
    ...limits,
  };
  if (sandbox.kind === "none") return runProgram({ ...plain, ...common });
  const confined = await confine(sandbox, plain, {
    read: [places.checkout, ...read, ...options.reads.map(fromHome)],
    write: [places.home, places.temporary, ...write],
    fixed: [...fixed, ...laid],
    hidden: [homedir(), ...hidden],
    hosts: hostsOf(program, options, plain.env),
    onRefused: tell,
  });
  try {
    return await runProgram({ ...confined.command, ...common });
  } finally {
    await confined.close();
  }
}

/** Undefined: it keeps the machine's network, because nobody knows whom it asks, or it gets there through a proxy of the person's own. */
function hostsOf(
  { modelUrl }: Program,
  { baseUrl, hosts }: ProgramOptions,
  env: Readonly<Record<string, string>>,
): readonly string[] | undefined {
  const model = baseUrl ?? modelUrl;
  const proxied = Object.keys(env).some((name) => /^(?:https?|all)_proxy$/i.test(name));
  if (proxied || (model === undefined && hosts === undefined)) return undefined;
  return [...(model === undefined ? [] : [hostOf(new URL(model))]), ...(hosts ?? [])];
}

function fromHome(path: string): string {
  return path.replace(/^~(?=\/)/, homedir());
}
