import { type ExecFileException, execFile, spawn } from "node:child_process";
import { mkdir, mkdtemp, realpath, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

export const main = process.env.MEMOMESH_BUILT ?? join(import.meta.dirname, "..", "src", "main.ts");

/** What a call of the real program gave. */
export interface Call {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

interface Surroundings {
  readonly cwd: string;
  readonly input?: string;
  readonly env?: Readonly<Record<string, string>>;
}

/** Runs the real program in a process of its own. */
export function memomesh(args: readonly string[], { cwd, input = "", env = {} }: Surroundings): Promise<Call> {
  return new Promise((resolve) => {
    const done = (error: ExecFileException | null, out: string, err: string) =>
      resolve({ code: typeof error?.code === "number" ? error.code : error === null ? 0 : -1, out, err });
    const child = execFile(process.execPath, [main, ...args], { cwd, env: { ...quiet(), ...env } }, done);
    child.stdin?.end(input);
  });
}

/** Starts the real program with its output cut off after the first piece, as `| head` does. */
export function memomeshIntoClosedPipe(args: readonly string[], cwd: string): Promise<Call> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [main, ...args], { cwd, env: quiet(), stdio: ["ignore", "pipe", "pipe"] });
    let err = "";
    child.stdout.destroy();
    child.stderr.on("data", (data) => (err += data));
    child.on("close", (code) => resolve({ code: code ?? -1, out: "", err }));
  });
}

/** A folder of its own for a test, which removes it when it is disposed of. */
export async function temporaryFolder(): Promise<{ path: string; [Symbol.asyncDispose](): Promise<void> }> {
  const path = await realpath(await mkdtemp(join(tmpdir(), "memomesh-cli-")));
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }) };
}

/** A mesh with one node, `ops`, that a person looks after. */
export interface Studio {
  readonly cwd: string;
  call(...args: string[]): Promise<Call>;
  /** Writes a file, by its path in the mesh. */
  put(path: string, content: string): Promise<void>;
  remove(): Promise<void>;
}

export async function makeStudio(): Promise<Studio> {
  const folder = await temporaryFolder();
  const cwd = join(folder.path, "studio");
  const call = (...args: string[]) => memomesh(args, { cwd });
  await memomesh(["init", "studio"], { cwd: folder.path });
  await call("node", "add", "ops", "--role", "sysadmin", "--agent", "none");
  return {
    cwd,
    call,
    put: async (path, content) => {
      await mkdir(dirname(join(cwd, path)), { recursive: true });
      await writeFile(join(cwd, path), content);
    },
    remove: () => folder[Symbol.asyncDispose](),
  };
}

function quiet(): NodeJS.ProcessEnv {
  const { FORCE_COLOR: _, NO_COLOR: __, EDITOR: ___, VISUAL: ____, ...kept } = process.env;
  return {
    ...kept,
    GIT_AUTHOR_NAME: "Ada",
    GIT_AUTHOR_EMAIL: "ada@example.com",
    GIT_COMMITTER_NAME: "Ada",
    GIT_COMMITTER_EMAIL: "ada@example.com",
  };
}
