import { closeSync, fstatSync, openSync, readSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { idSuffix, sha256, statePath } from "@memomesh/core";
import { safeText } from "@memomesh/guard";
import { listMemos } from "@memomesh/mailbox";
import { type AuditEntry, auditFile } from "./audit.ts";
import { groundOf, type Whereabouts } from "./ground.ts";
import { readSessionEvent } from "./session-event.ts";
import { readMark, writeMark } from "./session-mark.ts";

/** As far back as the trail is read, in bytes: thousands of decisions. */
const longestTail = 1024 * 1024;

/**
 * What an agent that wants to stop is told when it has left something undone: STATE.md not updated after it changed
 * something, or a memo that it has read and that still waits. Once in a session, so that it can always stop.
 *
 * @param text the hook's standard input
 * @returns the hook's answer in the form that Claude Code, Codex and Gemini CLI share; undefined when it may stop
 */
export async function sessionStops(text: string, where: Whereabouts): Promise<object | undefined> {
  const event = readSessionEvent(text);
  if (event === undefined || event.goesOn) return undefined;
  const { ground, audit } = await groundOf(where, event.cwd);
  const { node, root } = ground;
  const mark = await readMark(root, node.id, event.session);
  if (mark === undefined || mark.reminded) return undefined;
  const state = sha256(await readFile(statePath(node.folder), "utf8").catch(() => ""));
  const done = decisionsOf(event.session, auditFile(audit, new Date().toISOString()));
  const reason = leftUndone({
    stateUpdated: state !== mark.state,
    changed: done.some(({ changes }) => changes),
    memos: unfinished(node, done),
  });
  if (reason === "") return undefined;
  await writeMark(root, node.id, event.session, { ...mark, reminded: true });
  return { decision: "block", reason };
}

/** @returns "" when nothing is left to say */
function leftUndone({
  stateUpdated,
  changed,
  memos,
}: {
  stateUpdated: boolean;
  changed: boolean;
  memos: readonly string[];
}): string {
  return [
    ...(changed && !stateUpdated
      ? [
          "STATE.md was not updated in this session: say there what was done, what is next, and what the next agent has to know.",
        ]
      : []),
    ...(memos.length > 0
      ? [
          `You have read ${memos.join(", ")}, and it still waits: complete it, ask back, or say in STATE.md why it has to wait.`,
        ]
      : []),
  ].join(" ");
}

/** Names of the memos that were read in a session and still wait to be worked on. */
function unfinished(
  node: { readonly id: string; readonly folder: string },
  done: readonly AuditEntry[],
): readonly string[] {
  return [...listMemos(node, "incoming")].flatMap((memo) => {
    if (!("header" in memo) || memo.header.status !== undefined) return [];
    const { id } = memo.header;
    const marks = [memo.name, ...(id === undefined ? [] : [id, idSuffix(id)])];
    const read = done.some(({ subject }) => marks.some((each) => subject.includes(each)));
    return read ? [safeText(memo.name)] : [];
  });
}

function decisionsOf(session: string, path: string): readonly AuditEntry[] {
  return tailOf(path)
    .split("\n")
    .flatMap((line) => {
      try {
        const entry = JSON.parse(line) as AuditEntry;
        return entry.session === session && entry.allowed ? [entry] : [];
      } catch {
        // The first line of a tail may be cut.
        return [];
      }
    });
}

function tailOf(path: string): string {
  try {
    const file = openSync(path, "r");
    try {
      const { size } = fstatSync(file);
      const bytes = Buffer.alloc(Math.min(size, longestTail));
      const length = readSync(file, bytes, 0, bytes.length, size - bytes.length);
      return bytes.toString("utf8", 0, length);
    } finally {
      closeSync(file);
    }
  } catch {
    return "";
  }
}
