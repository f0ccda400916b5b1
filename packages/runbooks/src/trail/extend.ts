import { closeSync, constants, fstatSync, fsyncSync, mkdirSync, openSync, writeSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { Exit, MeshError, type TrailFacts, trailAddition, trailPath } from "@memomesh/core";
import { readTrailEnd, type TrailEnd } from "./trail-end.ts";

/** How long one process waits while another one writes to the same trail, in milliseconds. */
const patience = 5000;

/**
 * Adds to the audit trail of a node; on the disk when this returns. Writers in several processes follow one another.
 *
 * It waits without giving way, so that a hook, which answers in one go, can use it too.
 *
 * @param root absolute path of the mesh
 * @param at ISO 8601
 * @param facts decides, on the trail as it is by then, what is added; nothing when it gives none
 * @throws MeshError `audit.write` (exit 75); what cannot be written down must not happen
 */
export function extendTrail(
  root: string,
  node: string,
  at: string,
  facts: (trail: TrailEnd) => readonly TrailFacts[],
): void {
  const path = trailPath(root, node);
  try {
    alone(join(root, ".memomesh", "audit", `${node}.lock`), () => {
      mkdirSync(dirname(path), { recursive: true });
      const flags = constants.O_RDWR | constants.O_APPEND | constants.O_CREAT | constants.O_NOFOLLOW;
      const file = openSync(path, flags, 0o644);
      try {
        const isNew = fstatSync(file).size === 0;
        const trail = readTrailEnd(file, node);
        const added = facts(trail);
        if (added.length === 0) return;
        writeAll(file, trailAddition(trail, at, added));
        fsyncSync(file);
        if (isNew) syncFolder(dirname(path));
      } finally {
        closeSync(file);
      }
    });
  } catch (error) {
    if (error instanceof MeshError) throw error;
    const why = error instanceof Error ? error.message : String(error);
    const sentence = `the audit trail cannot be written (${why}), and what is not written down is not done. Mend that and try again.`;
    throw new MeshError("audit.write", sentence, { place: { file: path }, exit: Exit.tryAgain, cause: error });
  }
}

/**
 * Does something while no other process does the same. The lock is that of SQLite on an empty database: the system gives
 * it free when its holder ends, however it ends, so that there is never an old one to be broken.
 */
function alone(lock: string, act: () => void): void {
  mkdirSync(dirname(lock), { recursive: true });
  // Loaded when it is needed: most of those who load this module only read.
  const { DatabaseSync } = createRequire(import.meta.url)("node:sqlite") as typeof import("node:sqlite");
  const database = new DatabaseSync(lock, { timeout: patience });
  try {
    database.exec("begin immediate");
    act();
  } finally {
    database.close();
  }
}

function writeAll(file: number, text: string): void {
  const bytes = Buffer.from(text);
  for (let written = 0; written < bytes.length; ) written += writeSync(file, bytes, written);
}

function syncFolder(folder: string): void {
  const handle = openSync(folder, constants.O_RDONLY);
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}
