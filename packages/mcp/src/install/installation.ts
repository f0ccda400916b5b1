import { constants } from "node:fs";
import { lstat, mkdir, open } from "node:fs/promises";
import { dirname, join } from "node:path";
import { Exit, MeshError } from "@memomesh/core";
import { writeDurably } from "@memomesh/mailbox";
import { type Launch, type ProgramName, programs } from "./programs.ts";

const longestConfig = 1024 * 1024;

/** What would be written for one program. */
export interface Installation {
  readonly program: ProgramName;
  readonly title: string;
  readonly note: string | undefined;
  /** Absolute. */
  readonly path: string;
  /** Undefined when there is no file. */
  readonly before: string | undefined;
  readonly after: string;
}

/**
 * Plans the configuration of programs for a node. Nothing is written.
 *
 * @param folder the node's, absolute
 * @throws MeshError `mcp.config` when an existing file cannot be read exactly
 */
export async function planInstallations(
  folder: string,
  names: readonly ProgramName[],
  launch: Launch,
): Promise<Installation[]> {
  return Promise.all(
    names.map(async (program): Promise<Installation> => {
      const { title, note, file, with: edited } = programs[program];
      await refuseLinks(folder, file);
      const path = join(folder, file);
      const before = await textOf(path, file);
      return { program, title, note, path, before, after: edited(before, file, launch) };
    }),
  );
}

/**
 * Writes what was planned and shown, unless the file has changed since.
 *
 * @throws MeshError `mcp.config.changed`
 */
export async function writeInstallation({ path, before, after }: Installation): Promise<void> {
  if ((await textOf(path, path)) !== before) {
    const sentence = `${path} was changed meanwhile; it was left as it is. Run the command again`;
    throw new MeshError("mcp.config.changed", sentence, { exit: Exit.tryAgain });
  }
  await mkdir(dirname(path), { recursive: true });
  await writeDurably(path, after);
}

async function textOf(path: string, file: string): Promise<string | undefined> {
  const flags = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;
  const handle = await open(path, flags).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return undefined;
    throw error;
  });
  if (handle === undefined) return undefined;
  try {
    const { size } = await handle.stat();
    if (size > longestConfig) throw unusable(file, `it has ${size} bytes; expected at most ${longestConfig}`);
    const bytes = await handle.readFile();
    const text = bytes.toString("utf8");
    if (!Buffer.from(text).equals(bytes)) throw unusable(file, "it is no UTF-8 text");
    return text;
  } finally {
    await handle.close();
  }
}

/** The configuration of this folder must not turn out to be that of another one. */
async function refuseLinks(folder: string, file: string): Promise<void> {
  const parts = file.split("/");
  for (const [index] of parts.entries()) {
    const part = parts.slice(0, index + 1).join("/");
    const found = await lstat(join(folder, part)).catch(() => undefined);
    if (found?.isSymbolicLink()) throw unusable(file, `${part} is a symbolic link`);
    if (found !== undefined && index === parts.length - 1 && !found.isFile())
      throw unusable(file, "it is no plain file");
  }
}

function unusable(file: string, why: string): MeshError {
  return new MeshError("mcp.config", `${why}; nothing was written`, { place: { file } });
}
