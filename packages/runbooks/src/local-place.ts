import { createWriteStream } from "node:fs";
import { mkdir, readlink, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { pipeline } from "node:stream/promises";
import type { LocalTarget } from "@memomesh/core";
import { syncFolder } from "./durable.ts";
import { type Consignment, type ReleasePlace, type Survey, UploadFailure } from "./release-place.ts";
import { readContent } from "./source-file.ts";
import { readTree, status, Undigestible } from "./tree.ts";

/** A folder of this machine, whatever system it has. */
export function localPlace({ path: root }: LocalTarget, signal: AbortSignal): ReleasePlace {
  return {
    survey: (paths) => Promise.all(paths.map((path) => survey(join(root, path), path))),
    clear: (path) => rm(join(root, path), { recursive: true, force: true }),
    async receive(path, consignment) {
      if (!(await status(root))?.isDirectory()) throw new UploadFailure(`the target's folder ${root} is not there`);
      await copy(join(root, path), consignment, signal);
    },
  };
}

async function survey(path: string, named: string): Promise<Survey> {
  const found = await status(path);
  if (found === undefined) return { kind: "absent" };
  if (found.isSymbolicLink()) return { kind: "link", to: await readlink(path) };
  if (!found.isDirectory()) return { kind: "other" };
  try {
    return { kind: "folder", entries: await readTree(path, named) };
  } catch (error) {
    if (error instanceof Undigestible) return { kind: "other" };
    throw error;
  }
}

async function copy(to: string, { source, entries, onBytes }: Consignment, signal: AbortSignal): Promise<void> {
  await mkdir(to, { recursive: true });
  const folders = [dirname(to), to];
  for (const entry of entries) {
    signal.throwIfAborted();
    const path = join(to, entry.path);
    if (entry.kind === "folder") {
      await mkdir(path, { recursive: true });
      folders.push(path);
      continue;
    }
    await rm(path, { force: true });
    const file = createWriteStream(path, { flags: "wx", mode: entry.executable ? 0o777 : 0o666, flush: true });
    await pipeline(readContent(source, entry, onBytes), file, { signal });
  }
  for (const folder of folders) await syncFolder(folder);
}
