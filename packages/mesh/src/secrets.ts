import { Exit, lineAt, MeshError, type Place } from "@memomesh/core";
import { findSecrets, type GuardRules, secretWayOut } from "@memomesh/guard";

/** What looks like a secret, and where. The fingerprint says that a person has taken it for none. */
export interface SecretPlace {
  /** Counts from 1. */
  readonly line: number;
  /** `github-token`. */
  readonly kind: string;
  readonly fingerprint: string;
}

/** What looks like a secret in a text, without what mesh.yml allows. The secrets themselves are not part of it. */
export async function secretsIn(
  text: string,
  { allowedSecrets }: Pick<GuardRules, "allowedSecrets">,
): Promise<SecretPlace[]> {
  const found = await findSecrets(text, new Set(allowedSecrets));
  return found.map(({ rule, start, fingerprint }) => ({ line: lineAt(text, start), kind: rule, fingerprint }));
}

/**
 * Refuses to keep or send a text that holds what looks like a secret.
 *
 * @param file the name that errors give
 * @param code of the error
 * @throws MeshError with the line of the first finding
 */
export async function refuseSecrets(
  text: string,
  file: string,
  rules: GuardRules,
  code: "memo.secret" | "runbook.secret" | "lesson.secret" | "stage.secret" = "memo.secret",
): Promise<void> {
  const [first, ...others] = await secretsIn(text, rules);
  if (first === undefined) return;
  const place: Place = { file, line: first.line };
  const more = others.map(({ line, kind }) => `, another (${kind}) in line ${line}`).join("");
  const sentence = `what looks like a secret (${first.kind}) stands here${more}. ${secretWayOut}`;
  throw new MeshError(code, sentence, { place, exit: Exit.notPermitted });
}
