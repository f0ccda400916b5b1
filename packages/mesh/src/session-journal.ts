import { mkdir, open, readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import type { JournalEntry, SessionJournal } from "@memomesh/agents";
import { idTime } from "@memomesh/core";
import { redact } from "@memomesh/guard";

/** One line of a transcript. */
type Line = JournalEntry | { readonly kind: "ended"; readonly outcome: string };

/** A journal that is being written. */
export interface OpenJournal extends SessionJournal {
  /** To be called when the changeset stands: there is nothing left to continue. */
  end(outcome: string): Promise<void>;
  close(): Promise<void>;
}

/** What the transcript of a session is about. */
export interface JournalSubject {
  readonly node: string;
  readonly memo: string;
  readonly session: string;
}

/**
 * Opens the transcript of a session: `.memomesh/sessions/<node>/<memo>-<session>.jsonl`, one line for each thing that
 * happened, without secrets. What an earlier session on the same memo left when it stopped half-way is offered to be continued.
 *
 * @param root absolute path of the mesh
 */
export async function openJournal(root: string, { node, memo, session }: JournalSubject): Promise<OpenJournal> {
  const folder = join(root, ".memomesh", "sessions", node);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const earlier = await unfinished(folder, memo);
  const file = await open(join(folder, `${memo}-${session}.jsonl`), "a", 0o600);
  const write = async (line: Line): Promise<void> => {
    const at = new Date().toISOString();
    const plain = JSON.stringify({ at, ...line });
    const clean = redact(plain);
    // What is no longer as it was said must not be said again to a model as if it were.
    await file.appendFile(
      `${clean === plain ? plain : JSON.stringify({ ...withoutSecrets(clean), redacted: true })}\n`,
    );
    await file.datasync();
  };
  return { earlier, write, end: (outcome) => write({ kind: "ended", outcome }), close: () => file.close() };
}

/** The entries of the last session on a memo, when it ended without a changeset and lost nothing to the removal of secrets. */
async function unfinished(folder: string, memo: string): Promise<readonly JournalEntry[]> {
  const names = await readdir(folder);
  const last = names
    .filter((name) => name.startsWith(`${memo}-`) && name.endsWith(".jsonl"))
    .sort((a, b) => sessionTime(a) - sessionTime(b))
    .at(-1);
  if (last === undefined) return [];
  const lines = (await readFile(join(folder, last), "utf8")).split("\n").map(readLine);
  // A line that was cut by a crash is the last one; what follows it would hang in the air.
  const end = lines.indexOf(undefined);
  const whole = lines.slice(0, end === -1 ? undefined : end).filter((line) => line !== undefined);
  const over = whole.some((line) => line.kind === "ended" || "redacted" in line);
  return over ? [] : (whole as JournalEntry[]);
}

function sessionTime(name: string): number {
  return idTime(name.slice(-".jsonl".length - 26, -".jsonl".length));
}

function readLine(line: string): Line | undefined {
  try {
    return JSON.parse(line) as Line;
  } catch {
    return undefined;
  }
}

function withoutSecrets(line: string): object {
  try {
    return JSON.parse(line) as object;
  } catch {
    return { kind: "message", unreadable: "a secret was removed, and what remained is no JSON" };
  }
}
