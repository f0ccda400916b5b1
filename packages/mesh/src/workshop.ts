import { mkdir, readdir, rm } from "node:fs/promises";
import { homedir, tmpdir } from "node:os";
import { join, resolve } from "node:path";
import type { Workshop } from "@memomesh/agents";
import { sha256 } from "@memomesh/core";
import { auditFolder } from "./hooks/audit.ts";
import type { JournalSubject } from "./session-journal.ts";

/** A workshop that its owner has to close. */
export interface OpenWorkshop extends Workshop {
  close(): Promise<void>;
}

/**
 * A place for a session that runs a vendor's program. It lies outside of the mesh, so that the program finds no instructions
 * and no repository in the folders above it; and not among temporary files, where Codex keeps no home of its own.
 *
 * @param root absolute path of the mesh
 * @param about what a killed session on the same memo has left is removed
 */
export function openWorkshop(root: string, about: JournalSubject): OpenWorkshop {
  const all = join(cacheFolder(), "memomesh", "sessions");
  const { node, memo, session } = about;
  const prefix = `${sha256(`${root} ${node} ${memo}`).slice(-16)}-`;
  const own = join(all, prefix + session);
  let made: Promise<string> | undefined;
  return {
    audit: auditFolder(root, node),
    memomesh: [process.execPath, resolve(process.argv[1] ?? "memomesh")],
    folder: () => {
      made ??= make(all, prefix, own);
      return made;
    },
    close: async () => {
      if (made === undefined) return;
      await made.catch(() => undefined);
      await rm(own, { recursive: true, force: true, maxRetries: 3 });
    },
  };
}

async function make(all: string, prefix: string, own: string): Promise<string> {
  await mkdir(all, { recursive: true, mode: 0o700 });
  const left = (await readdir(all)).filter((name) => name.startsWith(prefix));
  await Promise.all(left.map((name) => rm(join(all, name), { recursive: true, force: true, maxRetries: 3 })));
  await mkdir(own, { mode: 0o700 });
  return own;
}

function cacheFolder(): string {
  const home = homedir();
  return process.env.XDG_CACHE_HOME ?? (home === "" || home === "/" ? tmpdir() : join(home, ".cache"));
}
