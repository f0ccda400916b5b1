import { mkdir, open, readdir, readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { Spending } from "@memomesh/agents";
import { syncFolder } from "@memomesh/mailbox";

/** One call of a model that was paid for, or one run of a vendor's program. */
export interface SpendingEntry extends Omit<Spending, "cost"> {
  /** ISO 8601. */
  readonly at: string;
  readonly node: string;
  readonly agent: string;
  readonly memo: string;
  readonly session: string;
  /** US dollars; null when no price is known. */
  readonly cost: number | null;
}

/** The account book of a month (UTC). It is committed like memos are: deleting `.memomesh` forgets no money. */
export function spendingFile(root: string, month: string): string {
  return join(spendingFolder(root), `${month}.jsonl`);
}

export function monthOf(at: string): string {
  return at.slice(0, 7);
}

/** Writes down what was spent, durably, before anything else happens with what was bought. */
export async function recordSpending(root: string, entry: SpendingEntry): Promise<void> {
  const path = spendingFile(root, monthOf(entry.at));
  await mkdir(dirname(path), { recursive: true });
  const file = await open(path, "a+");
  try {
    // A process that was killed half-way through a line must not spoil the next one.
    const { size } = await file.stat();
    const whole = size === 0 || (await file.read(Buffer.alloc(1), 0, 1, size - 1)).buffer[0] === 0x0a;
    await file.appendFile(`${whole ? "" : "\n"}${JSON.stringify(entry)}\n`);
    await file.datasync();
    if (size === 0) await syncFolder(dirname(path));
  } finally {
    await file.close();
  }
}

/**
 * What was spent, the oldest first.
 *
 * @param month `2026-11`; every month when left out. Lines that cannot be read are skipped: they cost nothing that is known
 */
export async function readSpending(root: string, month?: string): Promise<SpendingEntry[]> {
  const files = month === undefined ? await books(root) : [spendingFile(root, month)];
  const sources = await Promise.all(files.map((file) => readFile(file, "utf8").catch(() => "")));
  return sources.flatMap((source) => source.split("\n").flatMap(readEntry));
}

async function books(root: string): Promise<string[]> {
  const names = await readdir(spendingFolder(root)).catch(() => []);
  return names
    .filter((name) => /^\d{4}-\d{2}\.jsonl$/.test(name))
    .sort()
    .map((name) => join(spendingFolder(root), name));
}

function spendingFolder(root: string): string {
  return join(root, "memos", "spending");
}

function readEntry(line: string): SpendingEntry[] {
  try {
    const entry = JSON.parse(line) as SpendingEntry;
    return typeof entry?.node === "string" && typeof entry.at === "string" ? [entry] : [];
  } catch {
    return [];
  }
}
