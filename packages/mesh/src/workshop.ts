import { existsSync } from "node:fs";
import { mkdir, readdir, readFile, rm } from "node:fs/promises";
import { homedir, tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import type { Workshop } from "@memomesh/agents";
import { sandboxRule, sha256 } from "@memomesh/core";
import { writeDurably } from "@memomesh/mailbox";
import { auditFolder } from "./hooks/audit.ts";
import { keepSessionAudit } from "./hooks/session-audit.ts";
import type { Mesh } from "./load.ts";
import type { JournalSubject } from "./session-journal.ts";

/** A workshop that its owner has to close. */
export interface OpenWorkshop extends Workshop {
  /**
   * Removes the folder, unless the session has kept it.
   *
   * @param done whether the session has come to its end; then nobody takes up any more what an earlier one has kept
   */
  close(done: boolean): Promise<void>;
}

/**
 * A place for a session that runs a vendor's program. It lies outside of the mesh, so that the program finds no instructions
 * and no repository in the folders above it; and not among temporary files, where Codex keeps no home of its own.
 *
 * @param about what a killed session on the same memo has left is removed, but for the guard's decisions
 */
export function openWorkshop({ root, config, nodes }: Mesh, about: JournalSubject): OpenWorkshop {
  const all = join(cacheFolder(), "memomesh", "sessions");
  const { node, memo, session } = about;
  const prefix = `${sha256(`${root} ${node} ${memo}`).slice(-16)}-`;
  const note = join(root, ".memomesh", "kept", `${node}-${memo}.json`);
  let own = join(all, prefix + session);
  const remove = async (folder: string) => {
    keepSessionAudit(join(folder, "audit"), auditFolder(root, node), node);
    await rm(folder, { recursive: true, force: true, maxRetries: 3 });
  };
  const left = async () => {
    const names = (await readdir(all)).filter((name) => name.startsWith(prefix));
    await Promise.all(names.map((name) => remove(join(all, name))));
  };
  let made: Promise<string> | undefined;
  let keeps = false;
  return {
    get audit() {
      return join(own, "audit");
    },
    sandbox: { rule: sandboxRule(config), hidden: [...nodes.values()].map(({ folder }) => folder) },
    memomesh: [process.execPath, resolve(process.argv[1] ?? "memomesh")],
    folder: (kept) => {
      if (made === undefined && kept !== undefined) own = kept;
      made ??= kept === undefined ? make(all, own, left) : Promise.resolve(own);
      return made;
    },
    keep: async (told) => {
      await mkdir(dirname(note), { recursive: true, mode: 0o700 });
      await writeDurably(note, JSON.stringify({ folder: own, note: told }));
      keeps = true;
    },
    kept: () => readKept(note),
    close: async (done) => {
      await made?.catch(() => undefined);
      if (keeps) return;
      const mine = made === undefined ? [] : [own];
      const earlier = done ? ((await readKept(note))?.folder ?? []) : [];
      await Promise.all([...new Set(mine.concat(earlier))].map(remove));
      // After a session that failed the note stays, so that the next one can say what it misses.
      if (done) await rm(note, { force: true });
    },
  };
}

async function readKept(file: string): ReturnType<Workshop["kept"]> {
  try {
    const { folder, note } = JSON.parse(await readFile(file, "utf8")) as { folder: string; note: unknown };
    return { note, folder: existsSync(folder) ? folder : undefined };
  } catch {
    return undefined;
  }
}

async function make(all: string, own: string, removeLeft: () => Promise<void>): Promise<string> {
  await mkdir(all, { recursive: true, mode: 0o700 });
  await removeLeft();
  await mkdir(own, { mode: 0o700 });
  return own;
}

function cacheFolder(): string {
  const home = homedir();
  return process.env.XDG_CACHE_HOME ?? (home === "" || home === "/" ? tmpdir() : join(home, ".cache"));
}
