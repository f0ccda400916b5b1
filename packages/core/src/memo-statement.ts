import { bodyDigest, type Memo } from "./memo.ts";

/**
 * What the signature of a memo covers: whatever its author says in it, to whom and when, in one order and one spelling.
 * What only the mesh writes into it on its way is left out, so that the signature holds for the delivered form too.
 *
 * A memo is signed with its id, its date, its sender and each of its recipients by name, so that a signature counts for
 * nobody else and for no second time.
 *
 * @see docs/decisions/0016-who-signs-a-memo.md
 */
export function memoStatement({ header, body }: Memo): string {
  const { id, from, to, date, priority, type, subject, re, thread, sensitive = false, origin } = header;
  const said = [
    id,
    from,
    to.toSorted(),
    date,
    priority,
    type,
    subject,
    re,
    thread,
    sensitive,
    origin,
    bodyDigest(body),
  ];
  return `${JSON.stringify(["memomesh memo 1", ...said.map((each) => each ?? null)])}\n`;
}
