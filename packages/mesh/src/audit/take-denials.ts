import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { sha256, type TrailFacts } from "@memomesh/core";
import { extendTrail } from "@memomesh/runbooks/trail";
import { type AuditEntry, auditFolder } from "../hooks/audit.ts";

/** Where in the guard's own files a denial stands: behind its last byte, and the digest of its line. */
interface Source {
  readonly file: string;
  readonly end: number;
  readonly line: string;
}

/**
 * Puts the denials of the guard's hook that are not there yet into the audit trail of the node. The hook itself only adds
 * a line to a file of its own: it runs among the processes of the agent that it judges, which must not reach the trail.
 *
 * @param root absolute path of the mesh
 * @throws MeshError `audit.write` (exit 75)
 */
export function takeDenials(root: string, node: string): void {
  const folder = auditFolder(root, node);
  const files = monthsOf(folder);
  if (files.length === 0) return;
  extendTrail(root, node, new Date().toISOString(), ({ last: lastOf }) => {
    const last = lastOf("denied")?.from as Source | undefined;
    return files.filter((file) => last === undefined || file >= last.file).flatMap((file) => newIn(folder, file, last));
  });
}

function monthsOf(folder: string): readonly string[] {
  try {
    return readdirSync(folder)
      .filter((name) => /^\d{4}-\d\d\.jsonl$/.test(name))
      .sort();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
    throw error;
  }
}

function newIn(folder: string, file: string, last: Source | undefined): TrailFacts[] {
  const bytes = readFileSync(join(folder, file));
  const facts: TrailFacts[] = [];
  let at = last?.file === file && isThere(bytes, last) ? last.end : 0;
  for (let end = bytes.indexOf(0x0a, at); end !== -1; end = bytes.indexOf(0x0a, at)) {
    const line = bytes.toString("utf8", at, end);
    at = end + 1;
    const entry = readDecision(line);
    if (entry === undefined || entry.allowed !== false) continue;
    const { at: decided, program, session, tool, subject, reason } = entry;
    const from: Source = { file, end: at, line: sha256(line) };
    facts.push({ type: "denied", decided, program, session, tool, subject, reason, from });
  }
  return facts;
}

/** Whether the file is still the one from which the last denial was taken; after `.memomesh/` was deleted it is another. */
function isThere(bytes: Buffer, { end, line }: Source): boolean {
  if (end > bytes.length) return false;
  const begin = bytes.lastIndexOf(0x0a, end - 2) + 1;
  return sha256(bytes.toString("utf8", begin, end - 1)) === line;
}

function readDecision(line: string): Partial<AuditEntry> | undefined {
  try {
    return JSON.parse(line) as Partial<AuditEntry>;
  } catch {
    return undefined;
  }
}
