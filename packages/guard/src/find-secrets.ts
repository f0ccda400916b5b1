import { createHash } from "node:crypto";
import type { Place } from "./classification.ts";
import { gone, type SecretShape, secretShapes } from "./secret-shape.ts";
import { secretlintShapes } from "./secretlint-rules.ts";

/** What looks like a secret, and where. Its text is not part of it: findings are shown and kept. */
export interface FoundSecret extends Place {
  /** Which kind: a name of our own, or of a rule of secretlint. */
  readonly rule: string;
  /** By which a person says that this one is none: `sha256:` and 32 hexadecimal digits. */
  readonly fingerprint: string;
}

/** What people write where a secret would stand. */
const example =
  /EXAMPLE(?:KEY)?$|^(?:x{4,}|\*{3,}|\.{3,}|<.*>|(?:change|replace)[_-]?me\w*|your[_-].*)$|^[a-z0-9]{2,12}[_-](?:x{8,}|your[_-].*)$|^[a-z+]{2,20}:\/\/[^\s:@]*:[<$‹{*][^\s@]*@/i;

/**
 * Looks for secrets in text that is to be kept, sent or committed: by the rules of secretlint and by shapes of our own,
 * since neither finds all that the other does.
 *
 * @param allowed fingerprints of what a person has looked at and taken for no secret
 * @returns each place once, in the order of the text (UTF-16 units)
 */
export async function findSecrets(
  text: string,
  allowed: ReadonlySet<string> = new Set(),
): Promise<readonly FoundSecret[]> {
  const found = [...secretShapes(text), ...(await secretlintShapes(text))]
    .filter(({ start, end }) => start < end && !example.test(text.slice(start, end)))
    .sort((a, b) => a.start - b.start || b.end - a.end);
  const apart: SecretShape[] = [];
  for (const each of found) {
    const last = apart.at(-1);
    if (last === undefined || each.start >= last.end) apart.push(each);
    else if (each.end > last.end) apart[apart.length - 1] = { ...last, end: each.end };
  }
  return apart
    .map((each) => ({ ...each, fingerprint: secretFingerprint(text.slice(each.start, each.end)) }))
    .filter((each) => !allowed.has(each.fingerprint));
}

/** Takes out what `findSecrets` finds, for text that is kept whatever it holds. */
export async function withoutSecrets(text: string): Promise<string> {
  let rest = text;
  for (const { start, end } of (await findSecrets(text)).toReversed())
    rest = `${rest.slice(0, start)}${gone}${rest.slice(end)}`;
  return rest;
}

/**
 * A text with `‹allowed›` in place of what a person has taken for no secret, for those who look for the others. Lines keep
 * their numbers.
 *
 * @param allowed fingerprints, as `findSecrets` gives them
 */
export async function withoutAllowedSecrets(text: string, allowed: ReadonlySet<string>): Promise<string> {
  if (allowed.size === 0) return text;
  let rest = text;
  const known = (await findSecrets(text)).filter((each) => allowed.has(each.fingerprint));
  for (const { start, end } of known.toReversed()) {
    const lines = text.slice(start, end).split("\n").length - 1;
    rest = `${rest.slice(0, start)}‹allowed›${"\n".repeat(lines)}${rest.slice(end)}`;
  }
  return rest;
}

/** By which a person says that a value is no secret, in `guard.allowedSecrets` of mesh.yml. */
export function secretFingerprint(secret: string): string {
  return `sha256:${createHash("sha256").update(secret).digest("hex").slice(0, 32)}`;
}

/** What a person can do about a finding. No fingerprint is told: it ends up in git, and that of a short secret gives it away. */
export const secretWayOut =
  "Take it out, write the name of a variable instead, and change the secret: it has been written down. If it is none, `memomesh guard secrets <file>` gives the fingerprint that the operator adds to guard.allowedSecrets in mesh.yml";
