import { closeSync, constants, fsyncSync, mkdirSync, openSync, writeSync } from "node:fs";
import { join } from "node:path";
import { redact } from "@memomesh/guard";

/** One decision of the guard about an agent's tool. */
export interface AuditEntry {
  /** ISO 8601. */
  readonly at: string;
  readonly node: string;
  /** The agent's program and its session, as it names it. */
  readonly program: string;
  readonly session: string;
  readonly tool: string;
  /** What it was about: a command, files. */
  readonly subject: string;
  readonly allowed: boolean;
  /** Whether it would change something. */
  readonly changes: boolean;
  readonly reason: string;
}

const border = "\n\u0000\n";
/** Of a text as long as this, the beginning is enough to know which one it was. */
const longestText = 1000;

/**
 * Adds a line to the trail of a node, secrets removed. One write to a file that is opened for appending: hooks that run
 * at the same time do not mix their lines.
 *
 * @param folder absolute; the trail is kept in one file a month
 */
export function appendAudit(folder: string, entry: AuditEntry): void {
  const { at } = entry;
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const line = `${JSON.stringify({ ...entry, ...kept(entry) })}\n`;
  const flags = constants.O_WRONLY | constants.O_APPEND | constants.O_CREAT | constants.O_NOFOLLOW;
  const file = openSync(auditFile(folder, at), flags, 0o600);
  try {
    writeSync(file, line);
    // A denial that the agent was told of must not be lost with the machine.
    if (!entry.allowed) fsyncSync(file);
  } finally {
    closeSync(file);
  }
}

/** Where the guard's decisions about a node's agents are kept. */
export function auditFolder(root: string, node: string): string {
  return join(root, ".memomesh", "audit", node);
}

/** @param at ISO 8601 */
export function auditFile(folder: string, at: string): string {
  return join(folder, `${at.slice(0, 7)}.jsonl`);
}

/** Secrets are looked for in more than is kept, so that none is cut in two; in both texts at once, which takes half the time. */
function kept({ subject, reason }: AuditEntry): Pick<AuditEntry, "subject" | "reason"> {
  const [about, why, ...more] = redact(
    [subject, reason].map((text) => text.slice(0, 8 * longestText)).join(border),
  ).split(border);
  // A secret that seems to reach over the border takes both with it.
  if (about === undefined || why === undefined || more.length > 0) return { subject: "‹secret›", reason: "‹secret›" };
  return { subject: cut(about), reason: cut(why) };
}

function cut(text: string): string {
  return text.length > longestText ? `${text.slice(0, longestText)}…` : text;
}
