import type { LogEntry } from "@memomesh/mailbox";

/**
 * The lines of a history that tell its story: memos delivered, prepared, completed, and every decision that was not a
 * plain "run"; the latest of those that were fill the room that is left. The notices that follow a memo are left out. Pure.
 *
 * @param decisions newest first; so is the result
 */
export function tellingDecisions(decisions: readonly LogEntry[], most: number): readonly LogEntry[] {
  const own = decisions.filter(({ subject }) => !subject.includes('"Done: '));
  const plain = own.filter(({ subject }) => subject.startsWith("Run step "));
  const telling = own.filter((entry) => !plain.includes(entry)).slice(0, most);
  const kept = new Set([...telling, ...plain.slice(0, most - telling.length)]);
  return own.filter((entry) => kept.has(entry));
}
