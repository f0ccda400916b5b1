import { join } from "node:path";
import { applyChange, type Change, settleChange } from "./change.ts";
import type { History } from "./history.ts";

/** Where changes under way are written down. */
export function journalFolder(root: string): string {
  return join(root, ".memomesh", "journal");
}

/**
 * Makes a change, whole or not at all, and puts it into the history.
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
  await applyChange(change, journal);
  history.record([...change.edits.map(({ path }) => path), ...also], change.commit, () =>
    settleChange(change.id, journal),
  );
}
