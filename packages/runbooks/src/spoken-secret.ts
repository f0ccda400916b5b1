import { Exit, MeshError } from "@memomesh/core";
import { findSecrets, secretWayOut } from "@memomesh/guard";
import type { ReviewedRunbook } from "./snapshot.ts";

/**
 * Refuses what a person says about a decision when it holds what looks like a secret: it goes into the journal, the record,
 * the audit trail and the message of a commit, and nothing is taken out of those again.
 *
 * @param what they say: "the reason"
 * @throws MeshError `step.secret` (exit 77)
 */
export async function requireNoSecret(
  { allowedSecrets }: ReviewedRunbook,
  what: string,
  words: string | undefined,
): Promise<void> {
  const [found] = words === undefined ? [] : await findSecrets(words, new Set(allowedSecrets));
  if (found === undefined) return;
  const sentence = `${what} holds what looks like a secret (${found.rule}), and is kept in the record and in git. Nothing was recorded. ${secretWayOut}`;
  throw new MeshError("step.secret", sentence, { exit: Exit.notPermitted });
}
