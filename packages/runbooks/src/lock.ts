import { randomBytes } from "node:crypto";
import { readdir, readFile, rm } from "node:fs/promises";
import { hostname } from "node:os";
import { join } from "node:path";
import { Exit, MeshError } from "@memomesh/core";
import { createDurably } from "./durable.ts";
import type { Person } from "./event.ts";
import { lockFolder } from "./layout.ts";
import { identify, isRunning, type ProcessIdentity } from "./process-identity.ts";

/** Who holds a runbook. */
export interface Holder extends ProcessIdentity {
  readonly host: string;
  readonly by: Person;
  /** ISO 8601. */
  readonly since: string;
}

export interface RunbookLock {
  release(): Promise<void>;
}

/**
 * Takes a runbook for one reviewer, until it is released or the process has ended, however it ended.
 *
 * Every contender first puts down an entry under a name of its own and only then looks at the others: of two that come
 * at the same time at least one sees the other, so that both may be turned away but never both let in. Names are never
 * used twice; therefore the entry of a dead process can be removed by anyone without a race.
 *
 * @throws MeshError `runbook.held` (exit 75) that names the holder
 */
export async function holdRunbook(meshRoot: string, runbook: string, by: Person, since: Date): Promise<RunbookLock> {
  const folder = lockFolder(meshRoot, runbook);
  const own = join(folder, `${randomBytes(8).toString("hex")}.json`);
  const self: Holder = { ...ownIdentity(), host: hostname(), by, since: since.toISOString() };
  await createDurably(own, `${JSON.stringify(self)}\n`);
  const [other] = await livingHolders(folder, own);
  if (other !== undefined) {
    await rm(own, { force: true });
    throw new MeshError("runbook.held", heldSentence(runbook, other), { exit: Exit.tryAgain });
  }
  return { release: () => rm(own, { force: true }) };
}

/** Who holds the runbook now, this process included; undefined when nobody does. */
export async function runbookHolder(meshRoot: string, runbook: string): Promise<Holder | undefined> {
  return (await livingHolders(lockFolder(meshRoot, runbook)))[0];
}

async function livingHolders(folder: string, own?: string): Promise<Holder[]> {
  const holders: Holder[] = [];
  const names = await readdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return [];
    throw error;
  });
  for (const name of names.filter((each) => each.endsWith(".json") && !each.startsWith("."))) {
    const path = join(folder, name);
    if (path === own) continue;
    const holder = await readHolder(path);
    if (holder === undefined) continue;
    // A process on another host cannot be asked whether it lives; it counts as alive.
    if (holder.host === hostname() && !isRunning(holder)) await rm(path, { force: true });
    else holders.push(holder);
  }
  return holders;
}

async function readHolder(path: string): Promise<Holder | undefined> {
  try {
    return JSON.parse(await readFile(path, "utf8")) as Holder;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw new MeshError("runbook.lock-unreadable", "this is no lock entry; remove it when no review is open.", {
      place: { file: path },
      cause: error,
    });
  }
}

function ownIdentity(): ProcessIdentity {
  return identify(process.pid) ?? { pid: process.pid, began: "" };
}

function heldSentence(runbook: string, { by, pid, host, since }: Holder): string {
  const person = by.email === "" ? by.name : `${by.name} <${by.email}>`;
  return `${runbook} is being reviewed by ${person} since ${since} (process ${pid} on ${host}). Nothing was run; try again when that review has ended.`;
}
