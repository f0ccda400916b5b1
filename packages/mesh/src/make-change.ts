import { join } from "node:path";
import { anchored } from "./audit/anchor.ts";
import { applyChange, type Change, settleChange } from "./change.ts";
import type { History } from "./history.ts";

/** Where changes under way are written down. */
export function journalFolder(root: string): string {
  return join(root, ".memomesh", "journal");
}

/**
 * Makes a change, whole or not at all, and puts it into the history, with how far the node's audit trail reaches by then.
 *
 * @param root absolute path of the mesh
 * @param also further files for the same commit; absolute
 * @throws BaseChanged when a file differs from its base; then nothing is changed
 */
export async function makeChange(
  root: string,
  history: History,
  change: Change,
  also: readonly string[] = [],
): Promise<void> {
  const journal = journalFolder(root);
  const { text, paths } = anchored(root, change.commit);
  await applyChange(change, journal);
  history.record([...change.edits.map(({ path }) => path), ...also, ...paths], text, () =>
    settleChange(change.id, journal),
  );
}
